namespace Isthmus;

/// <summary>What stands at a name in a directory of segments.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">The name of the segment's kind; null when it could not be read.</param>
/// <param name="Id">The segment's id.</param>
/// <param name="IsUnused">Whether nobody takes part, which was proved. It may still hold something that somebody wants later.</param>
/// <param name="Problem">Why it could not be read.</param>
internal sealed record SegmentEntry(string Name, string? Kind, ulong Id, bool IsUnused, string? Problem);
