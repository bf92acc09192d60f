namespace Isthmus;

/// <summary>How a <see cref="SharedSemaphore"/> is made.</summary>
public record SharedSemaphoreOptions : SharedObjectOptions
{
    /// <summary>
    /// Whether it knows who holds its permits: only a holder releases, and a dead holder's permits come back. Such a
    /// semaphore begins with all its permits, at most 1,048,575. An acquisition costs twice what it does without.
    /// Default: anybody may release, and what the dead held is gone.
    /// </summary>
    public bool OwnerTracked { get; init; }

    /// <summary>
    /// Whether those who wait are served in turn, participant by participant: while one of them waits, no other
    /// acquires more than once, and <see cref="SharedSemaphore.TryAcquire()"/> says no. Not of an owner-tracked one.
    /// While the one whose turn it is is stopped, nobody acquires, however great the count. Default: whoever comes
    /// first.
    /// </summary>
    public bool Fair { get; init; }
}
