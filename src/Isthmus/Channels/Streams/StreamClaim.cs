namespace Isthmus;

/// <summary>Takes an end of a stream that nobody has had, the first one first.</summary>
/// <param name="slot">Who takes it.</param>
internal struct StreamClaim(int slot) : IOperation
{
    private enum Stage
    {
        Look,
        Claim,
        Wake,
    }

    private Stage _stage;
    private int _end;
    private ulong _seen;

    /// <summary>Which end it is; -1 when both were had.</summary>
    public readonly int End => _end < StreamWord.Ends ? _end : -1;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(StreamWord.End(_end));
                return Decide();
            case Stage.Claim:
                return memory.CompareExchange(StreamWord.End(_end), ref _seen, StreamEndWord.OpenedBy(slot)) ? Claimed() : Decide();
            default:
                memory.Wake(StreamWord.End(_end), WaiterFlags.Of(_seen), int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Claiming does not wait.");

    private Progress Decide()
    {
        if (StreamEndWord.StateOf(_seen) == SharedStreamEnd.Awaited)
        {
            _stage = Stage.Claim;
            return Progress.Continues;
        }
        _stage = Stage.Look;
        return ++_end < StreamWord.Ends ? Progress.Continues : Progress.Done;
    }

    private Progress Claimed()
    {
        _stage = Stage.Wake;
        return WaiterFlags.Of(_seen) == Waiters.None ? Progress.Done : Progress.Continues;
    }
}
