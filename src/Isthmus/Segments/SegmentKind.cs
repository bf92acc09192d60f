namespace Isthmus;

/// <summary>What stands in a segment: it is opened as the kind that it was made as, and no other.</summary>
/// <param name="Id">Unique among the kinds, and never used for another one.</param>
/// <param name="Name">For people; at most <see cref="SegmentLayout.KindNameMax"/> letters of ASCII.</param>
/// <param name="Layout">Says where its words stand and what they mean. A program that says otherwise is refused.</param>
/// <param name="Recover">
/// Repairs, in a memory, what a dead participant has left: its slot, and whether the caller holds that slot's life lock. If not, the death is to
/// be proved (<see cref="Segment.IsDead"/>) before each repair.
/// </param>
internal sealed record SegmentKind(uint Id, string Name, string Layout, Action<SegmentMemory, int, bool> Recover)
{
    /// <summary>Whether its participants publish by plain stores, and so need fences: <see cref="ISharedMemory.SleeperFence"/>.</summary>
    public bool PublishesByStores { get; init; }

    /// <summary>How many bytes from the beginning of the data an observer copies, by the segment's header; null: none.</summary>
    public Func<SegmentHeader, long>? Observed { get; init; }

    /// <summary>64-bit FNV-1a of the layout of all segments, the kind's name and its layout.</summary>
    public ulong LayoutHash { get; } = Fnv64.Hash($"{SegmentLayout.Text}\n{Name}\n{Layout}");
}
