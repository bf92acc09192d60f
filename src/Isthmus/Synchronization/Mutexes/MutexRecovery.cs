namespace Isthmus;

/// <summary>Takes a mutex from a dead participant and wakes all who wait: one of them may have swallowed a wake as it died.</summary>
/// <param name="slot">Whose.</param>
/// <param name="proven">Whether the slot's life lock is held by who recovers; else the death is proved between reading and changing.</param>
internal struct MutexRecovery(int slot, bool proven) : IOperation
{
    private enum Stage
    {
        Look,
        Prove,
        Repair,
        Wake,
    }

    private Stage _stage;
    private ulong _seen;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(MutexWord.Word);
                _stage = !MutexWord.IsOwnedBy(_seen, slot) ? Stage.Wake : proven ? Stage.Repair : Stage.Prove;
                return Progress.Continues;
            case Stage.Prove:
                _stage = memory.IsDead(slot) ? Stage.Repair : Stage.Wake;
                return Progress.Continues;
            case Stage.Repair:
                // When it fails: waiters came, or another has recovered it.
                _stage = memory.CompareExchange(MutexWord.Word, ref _seen, MutexWord.Recovered(_seen)) ? Stage.Wake : Stage.Look;
                return Progress.Continues;
            default:
                memory.Wake(MutexWord.Word, Waiters.All, int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");
}
