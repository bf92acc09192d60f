namespace Isthmus;

/// <summary>What came of receiving.</summary>
public enum QueueReceiveOutcome
{
    /// <summary>A message.</summary>
    Received,

    /// <summary>There was none; or not in time.</summary>
    Empty,

    /// <summary>The queue is closed, and there is nothing left in it that nobody has taken.</summary>
    Closed,

    /// <summary>There were producers, none is left, and neither is a message.</summary>
    NoProducer,
}
