using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus request unlink</c>.</summary>
internal static class RequestUnlinkCommand
{
    public static Command Create() => SharedUnlink.Create(
        RequestCommand.Noun, static (name, line) => RequestClient.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions())));
}
