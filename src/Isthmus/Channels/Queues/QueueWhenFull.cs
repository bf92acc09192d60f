namespace Isthmus;

/// <summary>What a <see cref="SharedQueue"/> does with a message for which its producer's lane has no room.</summary>
public enum QueueWhenFull
{
    /// <summary>Its sender waits.</summary>
    Wait,

    /// <summary>It is not sent, and the sender is told: <see cref="QueueSendOutcome.Full"/>.</summary>
    Fail,

    /// <summary>It is dropped, counted, and the sender is told: <see cref="QueueSendOutcome.Dropped"/>.</summary>
    DropNewest,

    /// <summary>
    /// The oldest messages of the same producer and priority that nobody has taken are dropped and counted, as many as it takes. If all are
    /// taken, it is
    /// the new one that is dropped.
    /// </summary>
    DropOldest,
}
