namespace Isthmus;

/// <summary>What is the queue's own in a <see cref="ChannelSignal"/>.</summary>
internal static class QueueSignal
{
    /// <summary>Somebody is closing the queue: what was published before the closing is over will be received.</summary>
    public const ulong Closing = 1UL << 28;

    /// <summary>The queue is closed.</summary>
    public const ulong Closed = 1UL << 29;

    /// <summary>What concerns those who publish.</summary>
    public const ulong Alert = (ulong)Waiters.All | Closing | Closed;
}
