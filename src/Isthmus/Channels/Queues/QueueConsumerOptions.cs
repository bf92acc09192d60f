namespace Isthmus;

/// <summary>How a <see cref="QueueConsumer"/> receives.</summary>
public sealed record QueueConsumerOptions
{
    /// <summary>
    /// Whether a receive that would have to wait ends with <see cref="QueueReceiveOutcome.NoProducer"/> when there were producers and none is
    /// left. If not, it
    /// waits for the next producer.
    /// </summary>
    public bool EndsWithProducers { get; init; }
}
