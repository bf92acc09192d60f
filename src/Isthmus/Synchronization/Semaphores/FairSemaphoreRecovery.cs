namespace Isthmus;

/// <summary>Passes on the turn that a dead participant had, and wakes whoever waits for the count.</summary>
/// <param name="slot">Whose.</param>
/// <param name="proven">Whether the slot's life lock is held by who recovers.</param>
internal struct FairSemaphoreRecovery(int slot, bool proven) : IOperation
{
    private FairMutexRecovery _turn = new(slot, proven);
    private bool _isPassed;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_isPassed)
        {
            memory.Wake(SemaphoreWord.Word, Waiters.All, int.MaxValue);
            return Progress.Done;
        }
        _isPassed = _turn.Step(ref memory).Kind == ProgressKind.Done;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");
}
