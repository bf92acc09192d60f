using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>What is watched, as one look and the rates since the one before tell it. A pure function of both.</summary>
internal sealed class WatchModel
{
    private WatchModel(Snapshot snapshot, SnapshotRates rates)
    {
        Snapshot = snapshot;
        Rates = rates;
    }

    public Snapshot Snapshot { get; }

    public SnapshotRates Rates { get; }

    public required IReadOnlyList<WatchProcess> Processes { get; init; }

    public required IReadOnlyList<WatchEdge> Edges { get; init; }

    /// <summary>Why somebody does not go on by himself: each circle once, then those who hang on it.</summary>
    public required IReadOnlyList<WaitChain> Stuck { get; init; }

    /// <summary>How many processes hide their descriptors.</summary>
    public int Hidden => Snapshot.Processes.Count(process => process.NotPermitted.HasFlag(SnapshotParts.Descriptors));

    /// <param name="snapshot">Taken with <see cref="SnapshotParts.All"/>.</param>
    /// <param name="rates">Since the one before.</param>
    /// <param name="filter">What is to be shown.</param>
    public static WatchModel Of(Snapshot snapshot, SnapshotRates rates, WatchFilter filter)
    {
        IReadOnlyList<WaitChain> stuck = Reason.FindStuck(snapshot);
        Dictionary<NodeId, WaitChain> reasons = [];
        foreach (WaitChain chain in stuck)
        {
            reasons.TryAdd(chain.Steps[0].Process.Node, chain);
        }
        WatchEdge[] edges = [.. EdgeFinder.Find(snapshot, rates, filter, stuck).Where(filter.Shows)];
        Dictionary<NodeId, int> counts = edges.SelectMany(edge => edge.Ends).CountBy(end => end.Process.Node).ToDictionary();
        WatchProcess[] processes =
        [
            .. from process in snapshot.Processes
               let count = counts.GetValueOrDefault(process.Node)
               where filter.Shows(process, talksToChosen: count > 0)
               select new WatchProcess(process, rates.CpuOf(process.Node), rates.Of(process.Node), count, reasons.GetValueOrDefault(process.Node)),
        ];
        HashSet<NodeId> shown = [.. processes.Select(each => each.Process.Node)];
        return new WatchModel(snapshot, rates)
        {
            Processes = processes,
            Edges = edges,
            Stuck =
            [
                .. stuck.Where(chain => shown.Contains(chain.Steps[0].Process.Node)).DistinctBy(NameOf)
                    .OrderBy(chain => chain.End == WaitEnd.Deadlock ? 0 : 1),
            ],
        };
    }

    // Those who hang on a circle without being in it are told one by one.
    private static string NameOf(WaitChain chain) => chain.Cycle.Count == chain.Steps.Count
        ? string.Join(' ', chain.Cycle.Select(TextOf).Order(StringComparer.Ordinal))
        : "+" + TextOf(chain.Steps[0]);

    private static string TextOf(WaitStep step) => $"{step.Process.Id}/{step.Thread?.Id}";
}
