using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus barrier unlink</c>.</summary>
internal static class BarrierUnlinkCommand
{
    public static Command Create() => SharedUnlink.Create(
        BarrierCommand.Noun, static (name, line) => SharedBarrier.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions())));
}
