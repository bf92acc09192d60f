namespace Isthmus;

/// <summary>What stands at a name in a directory of shared objects, found without disturbing it.</summary>
public sealed record SharedObjectEntry
{
    internal SharedObjectEntry(SegmentEntry entry)
    {
        Name = entry.Name;
        Kind = entry.Kind;
        KindId = entry.Snapshot?.KindId ?? 0;
        IsStale = entry.IsUnused;
        Problem = entry.Problem;
        Status = entry.Snapshot is { } snapshot ? new SharedObjectStatus(snapshot) : null;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it is, such as <c>mutex</c> or <c>stream</c>; null when it could not be read.</summary>
    public string? Kind { get; }

    /// <summary>
    /// Whether nobody takes part, which was proved: no life lock is held, and nobody is just opening it. It may still hold something that somebody wants
    /// later.
    /// </summary>
    public bool IsStale { get; }

    /// <summary>Who takes part, and so on; null when it could not be read.</summary>
    public SharedObjectStatus? Status { get; }

    /// <summary>Why it could not be read: it is no shared object, is damaged, or belongs to somebody else.</summary>
    public string? Problem { get; }

    /// <summary>As it stands in the segment.</summary>
    internal uint KindId { get; }
}
