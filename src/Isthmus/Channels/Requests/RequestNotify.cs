namespace Isthmus;

/// <summary>Looks, after something was published, whether somebody sleeps for it, and wakes all of them.</summary>
/// <param name="word">A <see cref="RequestWaitWord"/>.</param>
internal struct RequestNotify(int word) : IOperation
{
    private enum Stage
    {
        Fence,
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
            case Stage.Fence:
                memory.PublisherFence();
                _stage = Stage.Look;
                return Progress.Continues;
            case Stage.Look:
                _seen = memory.Load(word);
                return Decide();
            case Stage.Take:
                if (!memory.CompareExchange(word, ref _seen, RequestWaitWord.Raised(_seen)))
                {
                    return Decide();
                }
                _stage = Stage.Wake;
                return Progress.Continues;
            default:
                memory.Wake(word, WaiterFlags.Of(_seen), int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private Progress Decide()
    {
        if (WaiterFlags.Of(_seen) == Waiters.None)
        {
            return Progress.Done;
        }
        _stage = Stage.Take;
        return Progress.Continues;
    }
}
