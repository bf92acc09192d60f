namespace Isthmus;

/// <summary>How a <see cref="SharedMutex"/> is made or opened.</summary>
public record SharedMutexOptions : SharedObjectOptions
{
    /// <summary>
    /// Whether a thread that is in the mutex by a sync call may enter again. A matter of this attachment, not of the memory. Scopes must then be
    /// disposed by the
    /// thread that entered, the last one first. Default: a second entry waits for the first scope, whoever has it.
    /// </summary>
    public bool Recursive { get; init; }

    /// <summary>
    /// Whether those who wait are served in turn, participant by participant: while one of them waits, no other participant enters more than once.
    /// For a new object only. It costs: whoever leaves hands the mutex to one that sleeps, where otherwise one that is awake would have been
    /// faster; and while the one whose turn it is is stopped, nobody enters. Default: whoever comes first when it is free.
    /// </summary>
    public bool Fair { get; init; }
}
