namespace Isthmus;

/// <summary>
/// The header word of a sample: its position, which never comes again, and what became of it. Storing it is the publication. A position is settled when its
/// header says so; before that the header is that of the sample a whole ring earlier.
/// </summary>
internal static class TopicHeader
{
    /// <summary>Positions are below this; 2^56 samples are more than anybody publishes.</summary>
    public const ulong PositionMax = 1UL << 56;

    private const ulong PublishedState = 1, SkippedState = 2;
    private const int PositionShift = 2;

    /// <summary>The sample stands there.</summary>
    public static ulong Published(ulong position) => (position << PositionShift) | PublishedState;

    /// <summary>There is none, because an older one was in use there when the position's turn came; its bytes are left alone.</summary>
    public static ulong Skipped(ulong position) => (position << PositionShift) | SkippedState;

    /// <summary>The position of a settled one.</summary>
    public static ulong PositionOf(ulong header) => header >> PositionShift;

    /// <summary>Whether a position is published or skipped.</summary>
    public static bool IsSettled(ulong header, ulong position) => header == Published(position) || header == Skipped(position);

    /// <summary>Whether a position is settled, or one that came after it in the same slot.</summary>
    public static bool IsReached(ulong header, ulong position) => header > position << PositionShift;
}
