using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus queue unlink</c>.</summary>
internal static class QueueUnlinkCommand
{
    public static Command Create() => SharedUnlink.Create(
        QueueCommand.Noun, static (name, line) => SharedQueue.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions())));
}
