namespace Isthmus;

/// <summary>What happens when a subscriber is slower than a publisher.</summary>
public enum TopicOverflow
{
    /// <summary>It loses the oldest samples, and is told exactly how many. It slows nobody down.</summary>
    DropOldest,

    /// <summary>The publisher waits for it; it loses nothing. While it is stopped, nobody publishes more than fits.</summary>
    Block,
}
