namespace Isthmus;

/// <summary>Tells the server that a part of its reply was taken: it may write the next one.</summary>
/// <param name="cell">Of the call.</param>
/// <param name="id">The call's.</param>
internal struct RequestTake(int cell, ulong id) : IOperation
{
    private enum Stage
    {
        Look,
        Take,
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
                _seen = memory.Load(cell + RequestCells.CallAt);
                return Decide();
            case Stage.Take:
                if (!memory.CompareExchange(cell + RequestCells.CallAt, ref _seen, RequestCallWord.Taken(_seen)))
                {
                    return Decide();
                }
                _stage = Stage.Wake;
                return WaiterFlags.Of(_seen) == Waiters.None ? Progress.Done : Progress.Continues;
            default:
                memory.Wake(cell + RequestCells.CallAt, WaiterFlags.Of(_seen), int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    // A call that is not claimed any more was recovered: our attachment is disposed.
    private Progress Decide()
    {
        if (!RequestCallWord.IsClaimed(_seen, id))
        {
            return Progress.Done;
        }
        _stage = Stage.Take;
        return Progress.Continues;
    }
}
