namespace Isthmus;

/// <summary>
/// The word of a countdown. High half: what is left. Low half: the round, which rises as nothing is left, and who waits: so that those who sleep
/// are not disturbed by each signal, and learn that nothing was left even when it was reset at once.
/// </summary>
internal static class CountdownWord
{
    /// <summary>Where it stands.</summary>
    public const int Word = 0;

    /// <summary>Where the count stands that a reset begins with.</summary>
    public const int InitialWord = 1;

    private const ulong RoundMask = 0x3FFF_FFFF;

    /// <summary>The word of a new countdown.</summary>
    public static ulong Initial(int count) => With(0, count);

    public static int CountOf(ulong word) => (int)(word >> 32);

    public static uint RoundOf(ulong word) => (uint)(word & RoundMask);

    /// <summary>The word with another count. As it becomes zero, the round ends, and all flags were taken out.</summary>
    public static ulong Counted(ulong word, int count) =>
        count == 0 && CountOf(word) != 0 ? (RoundOf(word) + 1) & RoundMask : With(word, count);

    private static ulong With(ulong word, int count) => ((ulong)(uint)count << 32) | (uint)word;
}
