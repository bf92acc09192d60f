using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus stream unlink</c>.</summary>
internal static class StreamUnlinkCommand
{
    public static Command Create() => SharedUnlink.Create(
        StreamCommand.Noun, static (name, line) => SharedStream.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions())));
}
