namespace Isthmus;

/// <summary>
/// Where the words of a stream stand. End 0 has made it, end 1 has opened it; direction d is what end d writes. Each direction has two lines, each
/// written by one end only while nobody sleeps: that of its writer, and that of its reader.
/// </summary>
internal static class StreamWord
{
    /// <summary>How many ends there are.</summary>
    public const int Ends = 2;

    /// <summary>In a written word: nothing more comes.</summary>
    public const ulong Finished = 1UL << 63;

    /// <summary>Who has an end: a <see cref="StreamEndWord"/>.</summary>
    public static int End(int end) => end;

    /// <summary>How many bytes were ever written in a direction, and whether that is all: the one word that publishes.</summary>
    public static int Written(int direction) => StateLayout.Line(1 + (2 * direction));

    /// <summary>What the reader of a direction sleeps on: a <see cref="StreamWaitWord"/>. It stands where the writer looks anyway.</summary>
    public static int ReaderWait(int direction) => Written(direction) + 1;

    /// <summary>How many bytes were ever read in a direction.</summary>
    public static int Read(int direction) => StateLayout.Line(2 + (2 * direction));

    /// <summary>What the writer of a direction sleeps on.</summary>
    public static int WriterWait(int direction) => Read(direction) + 1;

    /// <summary>
    /// How many bytes must have been read, at least, for the writer that sleeps to be woken: so that it is woken for more than a few of them.
    /// </summary>
    public static int WriterWant(int direction) => Read(direction) + 2;

    /// <summary>Whether a position is another one, or behind it.</summary>
    public static bool IsAtLeast(ulong position, ulong least) => (long)(position - least) >= 0;

    /// <summary>A written word without <see cref="Finished"/>.</summary>
    public static ulong PositionOf(ulong written) => written & ~Finished;
}
