using System.Diagnostics;

namespace Isthmus.Inspection;

/// <summary>Turns a row of snapshots into rates: each call counts from the one before. Not thread-safe.</summary>
/// <param name="readsProcesses">
/// Also count what each process reads and writes, for which <c>/proc/PID/io</c> of every one that has run since is read; else only their CPU time, and
/// what passes through objects.
/// </param>
public sealed class RateMeter(bool readsProcesses)
{
    private readonly bool _readsProcesses = readsProcesses;
    private RateCounts? _before;
    private long _at;

    /// <summary>The rates between the snapshot of the last call and this one, which must have been taken just now; none at the first.</summary>
    public SnapshotRates Advance(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        long at = Stopwatch.GetTimestamp();
        RateCounts counts = RateCounts.Of(snapshot, _readsProcesses, _before);
        SnapshotRates rates = _before is null ? SnapshotRates.None : SnapshotRates.Of(_before, counts, Stopwatch.GetElapsedTime(_at, at));
        (_before, _at) = (counts, at);
        return rates;
    }
}
