using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus event unlink</c>.</summary>
internal static class EventUnlinkCommand
{
    public static Command Create() => SharedUnlink.Create(
        EventCommand.Noun, static (name, line) => SharedEvent.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions())));
}
