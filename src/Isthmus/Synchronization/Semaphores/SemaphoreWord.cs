namespace Isthmus;

/// <summary>The word of a plain semaphore. Low half: the count, and who waits. High half: how often it changed.</summary>
internal static class SemaphoreWord
{
    /// <summary>Where it stands: not where that of an owner-tracked one is, so that a recovery need not know of which kind it is.</summary>
    public const int Word = StateLayout.WordsPerLine;

    /// <summary>The greatest count.</summary>
    public const int Most = (int)CountMask;

    private const ulong CountMask = 0x1FFF_FFFF;
    private const ulong VersionOne = 1UL << 32;

    /// <summary>The word of a new semaphore.</summary>
    public static ulong Initial(int count) => (ulong)count;

    public static int CountOf(ulong word) => (int)(word & CountMask);

    /// <summary>The word after one was taken; the flags stay.</summary>
    public static ulong Acquired(ulong word) => word - 1 + VersionOne;

    /// <summary>The word after some were given, and all flags were taken out of it.</summary>
    public static ulong Released(ulong word, int count) => WaiterFlags.Without(word) + (ulong)count + VersionOne;
}
