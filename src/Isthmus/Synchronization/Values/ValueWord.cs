namespace Isthmus;

/// <summary>
/// The published version of a value: the lowest 30 bits and who waits in the low half, the others in the high half. Copy <c>version % 2</c> is the
/// value. Who writes is inside the mutex whose word is <see cref="MutexWord.Word"/>, and changes the other copy.
/// </summary>
internal static class ValueWord
{
    /// <summary>Where it stands.</summary>
    public const int Word = StateLayout.WordsPerLine;

    private const int LowBits = 30;
    private const ulong LowMask = (1UL << LowBits) - 1;

    public static long VersionOf(ulong word) => (long)(((word >> 32) << LowBits) | (word & LowMask));

    /// <summary>The word of the next version; all flags were taken out of it.</summary>
    public static ulong Next(ulong word)
    {
        ulong version = (ulong)VersionOf(word) + 1;
        return ((version >> LowBits) << 32) | (version & LowMask);
    }
}
