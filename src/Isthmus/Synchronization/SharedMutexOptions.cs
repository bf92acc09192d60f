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
}
