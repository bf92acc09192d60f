using System.Globalization;
using System.Text;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>All that is counted, at one moment.</summary>
internal sealed class RateCounts
{
    private IReadOnlyDictionary<int, ProcessFindings> _found = new Dictionary<int, ProcessFindings>();

    public Dictionary<NodeId, TransferCount> Transfers { get; } = [];

    public Dictionary<NodeId, TimeSpan> CpuTimes { get; } = [];

    /// <param name="snapshot">Where counts of objects and CPU times come from.</param>
    /// <param name="readsProcesses">Also read what each process has read and written: one small file for each that has run since.</param>
    /// <param name="before">What was counted before.</param>
    public static RateCounts Of(Snapshot snapshot, bool readsProcesses, RateCounts? before = null)
    {
        RateCounts counts = new() { _found = snapshot.Memory.Processes };
        foreach (ObjectNode node in snapshot.UnsortedObjects)
        {
            if (CountOf(node) is { } count)
            {
                counts.Transfers.Add(node.Id, count);
            }
        }
        foreach (ProcessNode process in snapshot.Processes)
        {
            counts.CpuTimes.Add(process.Node, process.UserTime + process.SystemTime);
        }
        if (readsProcesses)
        {
            counts.AddProcesses(snapshot, before);
        }
        return counts;
    }

    private static TransferCount? CountOf(ObjectNode node) => node switch
    {
        SocketNode { BytesReceived: { } received, BytesSent: { } sent } => new(received, sent, SharedChannelUnit.Bytes),
        SegmentNode { Written: { } written, Unit: { } unit } => new(null, written, unit),
        _ => null,
    };

    private void AddProcesses(Snapshot snapshot, RateCounts? before)
    {
        using DirectoryReader? proc = DirectoryReader.TryOpen("/proc", out _);
        byte[] text = new byte[1024];
        foreach (ProcessNode process in snapshot.Processes.Where(each => proc is not null && !each.IsKernelThread))
        {
            if (before is not null && HasNotRunSince(before, process.Id))
            {
                if (before.Transfers.TryGetValue(process.Node, out TransferCount old))
                {
                    Transfers.Add(process.Node, old);
                }
                continue;
            }
            // Whoever may not be looked at is refused, and who has ended has no such file any more.
            int length = proc!.Read(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{process.Id}/io\0")), text);
            if (ProcessIO.TryParse(text.AsSpan(0, Math.Max(length, 0)), out TransferCount count))
            {
                Transfers.Add(process.Node, count);
            }
        }
    }

    // A refreshed snapshot keeps what was found in a process until it runs again; who does not run reads and writes nothing.
    private bool HasNotRunSince(RateCounts before, int processId) =>
        _found.TryGetValue(processId, out ProcessFindings? now) && ReferenceEquals(now, before._found.GetValueOrDefault(processId));
}
