namespace Isthmus;

/// <summary>How somebody subscribes to a <see cref="Topic"/>.</summary>
public sealed record SubscriberOptions
{
    /// <summary>What happens when it is slower than a publisher.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no such policy.</exception>
    public TopicOverflow Overflow
    {
        get;
        init => field = value is TopicOverflow.DropOldest or TopicOverflow.Block ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>
    /// Whether a receive that would have to wait ends when there were publishers and none is left: <see cref="Subscriber.HasEnded"/>. If not, it waits for the
    /// next publisher.
    /// </summary>
    public bool EndsWithPublishers { get; init; }

    /// <summary>
    /// With how many of the samples of each publisher that were published before it begins, as far as they are there still; at most
    /// <see cref="Topic.History"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int History
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }
}
