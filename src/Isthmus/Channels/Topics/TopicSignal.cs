namespace Isthmus;

/// <summary>
/// A word on which one waits for what others publish by plain stores elsewhere: a version and the flags of those who wait. Who finds a flag after its
/// store takes it out, raises the version and wakes all.
/// </summary>
internal static class TopicSignal
{
    private const int LowBits = 30;
    private const ulong LowMask = (1UL << LowBits) - 1;

    /// <summary>The next version; all flags were taken out of it.</summary>
    public static ulong Raised(ulong word)
    {
        ulong version = (((word >> 32) << LowBits) | (word & LowMask)) + 1;
        return ((version >> LowBits) << 32) | (version & LowMask);
    }
}
