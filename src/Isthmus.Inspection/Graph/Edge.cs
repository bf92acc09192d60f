namespace Isthmus.Inspection;

/// <summary>A connection between two nodes.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="From">The process that holds, maps or waits; the parent; the object that watches.</param>
/// <param name="To">The object or process at the other end.</param>
public readonly record struct Edge(EdgeKind Kind, NodeId From, NodeId To)
{
    /// <summary>The descriptor's number in the process <see cref="From"/>; null where there is none, or it cannot be seen.</summary>
    public int? Descriptor { get; init; }

    /// <summary>
    /// Whether the descriptor or mapping reads, writes, or both: so, the end of a pipe. Null for neither (<c>O_PATH</c>), and where it does not
    /// apply.
    /// </summary>
    public FileAccess? Access { get; init; }

    /// <summary>The thread that waits.</summary>
    public int? ThreadId { get; init; }
}
