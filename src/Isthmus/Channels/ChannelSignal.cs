namespace Isthmus;

/// <summary>
/// A word on which somebody sleeps until something happens elsewhere: {version:27 woken:1 own:2 waiters:2 | version:32}. Who makes it happen looks here,
/// and when a flag stands here raises the version and wakes. Two bits are the channel's own.
/// </summary>
/// <remarks>
/// As long as anybody sleeps, the sleepers' flag stands. So whoever comes next wakes the next who sleeps, if who was woken is stopped, or who was going
/// to wake. The flag goes when a wake has left nobody asleep, and only from the very word that was there before that wake.
/// </remarks>
internal static class ChannelSignal
{
    private const int LowBits = 27;
    private const uint LowMask = (1u << LowBits) - 1;
    private const ulong Own = 3UL << (LowBits + 1);

    /// <summary>
    /// Nobody has left the sleepers' flag anew since the last wake: nobody sleeps who has not slept then. For whoever wants to sleep takes this out, and
    /// sleeps on a word without it.
    /// </summary>
    public const ulong Woken = 1UL << LowBits;

    /// <summary>The word with the next version. Those who await have no flag there any more; those who sleep have, and are woken.</summary>
    public static ulong Raise(ulong word)
    {
        ulong version = (word >> 32 << LowBits | (word & LowMask)) + 1;
        ulong kept = (word & (ulong)Waiters.Sleepers) != 0 ? (ulong)Waiters.Sleepers | Woken : 0;
        return (version >> LowBits << 32) | (version & LowMask) | (word & Own) | kept;
    }

    /// <summary>Whether it was raised since the last who sleeps has left its flag, and nobody awaits: to wake is all there is to do.</summary>
    public static bool IsRaised(ulong word) => (word & ((ulong)Waiters.Bells | Woken)) == Woken;

    /// <summary>The word with the flag of one who is going to wait.</summary>
    public static ulong Marked(ulong word, Waiters waiters) =>
        (waiters & Waiters.Sleepers) != 0 ? (word | (ulong)waiters) & ~Woken : word | (ulong)waiters;

    /// <summary>The word without the sleepers' flag.</summary>
    public static ulong WithoutSleepers(ulong word) => word & ~((ulong)Waiters.Sleepers | Woken);
}
