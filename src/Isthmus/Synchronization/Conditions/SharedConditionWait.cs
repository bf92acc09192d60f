namespace Isthmus;

/// <summary>How an awaited wait for a <see cref="SharedCondition"/> ended.</summary>
/// <param name="Scope">The new entry into the mutex, to be disposed.</param>
/// <param name="IsSignalled">Whether to look at what was waited for; false when the time was up.</param>
public readonly record struct SharedConditionWait(SharedMutexScope Scope, bool IsSignalled);
