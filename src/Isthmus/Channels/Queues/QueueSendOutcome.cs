namespace Isthmus;

/// <summary>What came of sending a message.</summary>
public enum QueueSendOutcome
{
    /// <summary>It is in the queue.</summary>
    Sent,

    /// <summary>There was no room for it; or not in time.</summary>
    Full,

    /// <summary>There was no room for it, it was dropped, and it was counted.</summary>
    Dropped,

    /// <summary>
    /// The queue is closed. A message that is sent in the very moment of the closing may be received nevertheless.
    /// </summary>
    Closed,

    /// <summary>There were consumers, and none is left.</summary>
    NoConsumer,
}
