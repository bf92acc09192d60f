namespace Isthmus;

/// <summary>Takes the mutex of a value's writers from a dead one, and wakes all who wait for it or for a version.</summary>
/// <param name="slot">Whose.</param>
/// <param name="proven">Whether the slot's life lock is held by who recovers; else the death is proved between reading and changing.</param>
internal struct ValueRecovery(int slot, bool proven) : IOperation
{
    private MutexRecovery _mutex = new(slot, proven);
    private bool _isFree;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!_isFree)
        {
            _isFree = _mutex.Step(ref memory).Kind == ProgressKind.Done;
            return Progress.Continues;
        }
        memory.Wake(ValueWord.Word, Waiters.All, int.MaxValue);
        return Progress.Done;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");
}
