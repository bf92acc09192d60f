namespace Isthmus;

/// <summary>
/// Where the words of a segment's state stand: some lines that all participants share, then one line for each slot. A line is 128 bytes,
/// because processors fetch cache lines in pairs: what different participants write is never in one line.
/// </summary>
internal static class StateLayout
{
    /// <summary>In bytes.</summary>
    public const int LineSize = 128;

    /// <summary>In words.</summary>
    public const int WordsPerLine = LineSize / sizeof(ulong);

    /// <summary>How many lines stand before those of the slots.</summary>
    public const int SharedLines = 8;

    /// <summary>The first word of a shared line.</summary>
    public static int Line(int line) => line * WordsPerLine;

    /// <summary>The first word of a slot's line.</summary>
    public static int Slot(int slot) => (SharedLines + slot) * WordsPerLine;

    /// <summary>The size in bytes of the state of a segment with so many slots.</summary>
    public static int Size(int slots) => (SharedLines + slots) * LineSize;
}
