namespace Isthmus.Inspection;

/// <summary>What a snapshot is to hold.</summary>
public sealed record SnapshotOptions
{
    /// <summary>What to read besides the list of processes; the graph, unless said otherwise.</summary>
    public SnapshotParts Parts { get; init; } = SnapshotParts.Graph;

    /// <summary>
    /// Read only these processes; null for all. Objects then show only what these hold of them, and waits are followed no further.
    /// </summary>
    public IReadOnlyCollection<int>? ProcessIds { get; init; }
}
