namespace Isthmus;

/// <summary>What stands at a name in a directory of segments.</summary>
/// <param name="Name">The name.</param>
/// <param name="Snapshot">What it is, and who takes part; null when it could not be read.</param>
/// <param name="IsUnused">Whether nobody takes part, which was proved. It may still hold something that somebody wants later.</param>
/// <param name="Problem">Why it could not be read.</param>
internal sealed record SegmentEntry(string Name, SegmentSnapshot? Snapshot, bool IsUnused, string? Problem)
{
    /// <summary>The name of the segment's kind; null when it could not be read.</summary>
    public string? Kind => Snapshot?.KindName;

    /// <summary>The segment's id; 0 when it could not be read.</summary>
    public ulong Id => Snapshot?.Id ?? 0;
}
