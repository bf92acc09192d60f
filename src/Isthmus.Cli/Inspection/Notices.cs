using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>Tells what could not be seen, on standard error, so that nobody takes it for absent.</summary>
internal static class Notices
{
    private const int NamesMax = 3;

    public static void Print(string command, Snapshot snapshot, int hiddenProcesses)
    {
        if (hiddenProcesses > 0)
        {
            string processes = hiddenProcesses > NamesMax
                ? string.Create(CultureInfo.InvariantCulture, $"{hiddenProcesses} processes")
                : string.Join(", ", snapshot.Processes.Where(process => process.NotPermitted.HasFlag(SnapshotParts.Descriptors)));
            CommandLine.Warn(command, Printable.Of($"the descriptors of {processes} may not be looked at: not permitted"));
        }
        if (snapshot.Gaps.HasFlag(SnapshotGaps.MessageQueueNames))
        {
            CommandLine.Warn(command, "POSIX message queues that nobody has open cannot be listed: /dev/mqueue is not mounted");
        }
        if (snapshot.Gaps.HasFlag(SnapshotGaps.SocketPeers))
        {
            CommandLine.Warn(command, "the kernel does not tell the peers of Unix sockets here: no sock_diag");
        }
    }
}
