namespace Isthmus.Inspection;

/// <summary>
/// How much passes through processes and objects in a second, where somebody counts it: the kernel of TCP connections, Isthmus of its own channels, and
/// the kernel of what each process reads and writes. Made by <see cref="RateMeter"/> of two snapshots; never changes.
/// </summary>
public sealed class SnapshotRates
{
    private readonly IReadOnlyDictionary<NodeId, TransferRate> _rates;
    private readonly IReadOnlyDictionary<NodeId, double> _loads;

    private SnapshotRates(IReadOnlyDictionary<NodeId, TransferRate> rates, IReadOnlyDictionary<NodeId, double> loads, TimeSpan between)
    {
        _rates = rates;
        _loads = loads;
        Between = between;
    }

    /// <summary>Of a single snapshot: nothing is known yet.</summary>
    public static SnapshotRates None { get; } = new(new Dictionary<NodeId, TransferRate>(), new Dictionary<NodeId, double>(), TimeSpan.Zero);

    /// <summary>The time over which it was counted; zero when there was only one look.</summary>
    public TimeSpan Between { get; }

    /// <summary>Of a process, a socket or a channel; null when nobody counts it, or it was not there all the time.</summary>
    public TransferRate? Of(NodeId node) => _rates.TryGetValue(node, out TransferRate rate) ? rate : null;

    /// <summary>How much of one CPU a process took: 1 is all of it; null when it was not there all the time.</summary>
    public double? CpuOf(NodeId process) => _loads.TryGetValue(process, out double load) ? load : null;

    internal static SnapshotRates Of(RateCounts before, RateCounts now, TimeSpan between)
    {
        if (between <= TimeSpan.Zero)
        {
            return None;
        }
        Dictionary<NodeId, TransferRate> rates = [];
        foreach ((NodeId node, TransferCount count) in now.Transfers)
        {
            if (before.Transfers.TryGetValue(node, out TransferCount old) && old.Unit == count.Unit)
            {
                TransferRate rate = new(Rate(old.Received, count.Received, between), Rate(old.Sent, count.Sent, between), count.Unit);
                if (rate is not { Received: null, Sent: null })
                {
                    rates.Add(node, rate);
                }
            }
        }
        Dictionary<NodeId, double> loads = [];
        foreach ((NodeId process, TimeSpan time) in now.CpuTimes)
        {
            if (before.CpuTimes.TryGetValue(process, out TimeSpan old))
            {
                // A process's time can seem to run backwards by a tick when a thread of it ends.
                loads.Add(process, Math.Max((time - old) / between, 0));
            }
        }
        return new SnapshotRates(rates, loads, between);
    }

    // Who counts less than before is another one under the same number.
    private static double? Rate(long? before, long? now, TimeSpan between) => now >= before ? (now - before) / between.TotalSeconds : null;
}
