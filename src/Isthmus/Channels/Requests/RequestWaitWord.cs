namespace Isthmus;

/// <summary>
/// A word that one sleeps on for something that stands in another: whoever has published that looks here for a flag, takes the flags out, raises the
/// version (30 bits in the low half, 32 in the high one), and wakes all.
/// </summary>
internal static class RequestWaitWord
{
    /// <summary>On which servers sleep: a <see cref="ChannelSignal"/>, for one is woken at a time.</summary>
    public const int Servers = 0;

    /// <summary>On which those sleep who wait for somebody to serve.</summary>
    public const int Comers = StateLayout.WordsPerLine;

    private const int LowBits = 30;
    private const ulong LowMask = (1UL << LowBits) - 1;

    /// <summary>The next version; all flags were taken out.</summary>
    public static ulong Raised(ulong word)
    {
        ulong version = (((word >> 32) << LowBits) | (word & LowMask)) + 1;
        return ((version >> LowBits) << 32) | (version & LowMask);
    }
}
