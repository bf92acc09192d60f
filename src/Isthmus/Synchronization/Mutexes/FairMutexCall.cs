namespace Isthmus;

/// <summary>Wakes those of a slot who wait for a fair mutex, to look whose turn it is.</summary>
/// <param name="slot">Whose.</param>
/// <param name="always">
/// Whether to wake also when there are no flags: somebody may have died who had taken them out and not woken yet.
/// </param>
internal struct FairMutexCall(int slot, bool always) : IOperation
{
    private enum Stage
    {
        Look,
        Call,
        Wake,
    }

    private Stage _stage;
    private Waiters _waiters;
    private ulong _seen;

    /// <summary>Whether somebody waits there.</summary>
    public readonly bool HasWaiters => FairMutexQueue.HasWaiters(_seen);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        int word = FairMutexQueue.Word(slot);
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(word);
                return Decide();
            case Stage.Call:
                if (!memory.CompareExchange(word, ref _seen, FairMutexQueue.Called(_seen)))
                {
                    return Decide();
                }
                _stage = Stage.Wake;
                return Progress.Continues;
            default:
                memory.Wake(word, _waiters, int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Calling does not wait.");

    private Progress Decide()
    {
        _waiters = always ? Waiters.All : WaiterFlags.Of(_seen);
        _stage = Stage.Call;
        return HasWaiters && _waiters != Waiters.None ? Progress.Continues : Progress.Done;
    }
}
