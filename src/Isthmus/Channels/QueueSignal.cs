namespace Isthmus;

/// <summary>
/// A word on which somebody sleeps until something happens elsewhere: {version:28 closing:2 waiters:2 | version:32}. Who makes it happen looks
/// here, and
/// when a flag stands here takes all out, raises the version and wakes all.
/// </summary>
internal static class QueueSignal
{
    private const uint LowMask = (1u << 28) - 1;

    /// <summary>Somebody is closing the queue: what was published before the closing is over will be received.</summary>
    public const ulong Closing = 1UL << 28;

    /// <summary>The queue is closed.</summary>
    public const ulong Closed = 1UL << 29;

    /// <summary>What concerns those who publish.</summary>
    public const ulong Alert = (ulong)Waiters.All | Closing | Closed;

    /// <summary>The word with the next version and without waiters.</summary>
    public static ulong Raise(ulong word)
    {
        ulong version = (word >> 32 << 28 | (word & LowMask)) + 1;
        return (version >> 28 << 32) | (version & LowMask) | (word & (Closing | Closed));
    }
}
