namespace Isthmus;

/// <summary>
/// What one side of a direction sleeps on: a version (30 bits in the low half, the others in the high half) and who waits. Whoever has something to
/// tell takes the flags out and raises the version, so that who was about to sleep does not.
/// </summary>
internal static class StreamWaitWord
{
    private const int LowBits = 30;
    private const ulong LowMask = (1UL << LowBits) - 1;

    /// <summary>The word after the sleeper was told.</summary>
    public static ulong Raised(ulong word)
    {
        ulong version = (((word >> 32) << LowBits) | (word & LowMask)) + 1;
        return ((version >> LowBits) << 32) | (version & LowMask);
    }
}
