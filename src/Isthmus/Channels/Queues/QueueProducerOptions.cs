namespace Isthmus;

/// <summary>How a <see cref="QueueProducer"/> sends.</summary>
public sealed record QueueProducerOptions
{
    /// <summary>
    /// Whether a send that would have to wait for room ends with <see cref="QueueSendOutcome.NoConsumer"/> when there were consumers and none
    /// is left. If not,
    /// it waits for the next consumer.
    /// </summary>
    public bool TellsWithoutConsumers { get; init; } = true;

    /// <summary>Whether every send ends so, although there is room.</summary>
    public bool NeedsConsumers { get; init; }
}
