namespace Isthmus;

/// <summary>How a <see cref="SharedSemaphore"/> is made.</summary>
public record SharedSemaphoreOptions : SharedObjectOptions
{
    /// <summary>
    /// Whether it knows who holds its permits: only a holder releases, and a dead holder's permits come back. Such a semaphore begins with all its
    /// permits, at most 1,048,575. An acquisition costs twice what it does without. Default: anybody may release, and what the dead held is gone.
    /// </summary>
    public bool OwnerTracked { get; init; }
}
