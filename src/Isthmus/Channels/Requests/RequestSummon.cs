namespace Isthmus;

/// <summary>Looks, after a call was posted, whether a server sleeps, and wakes one.</summary>
/// <remarks>
/// The sleepers' flag stands until a wake has found nobody. So none that is stopped, or was going to wake, keeps the wake of a later call. Who awaits is
/// rung in any case.
/// </remarks>
internal struct RequestSummon : IOperation
{
    private enum Stage
    {
        Fence,
        Look,
        Raise,
        Wake,
        Clear,
    }

    private Stage _stage;
    private ulong _seen;
    private ulong _raised;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Fence:
                memory.PublisherFence();
                return GoOn(Stage.Look);
            case Stage.Look:
                _seen = memory.Load(RequestWaitWord.Servers);
                return Decide();
            case Stage.Raise:
                _raised = ChannelSignal.Raise(_seen);
                return memory.CompareExchange(RequestWaitWord.Servers, ref _seen, _raised) ? GoOn(Stage.Wake) : Decide();
            case Stage.Wake:
                int woken = memory.Wake(RequestWaitWord.Servers, WaiterFlags.Of(_seen), most: 1);
                return woken > 0 || (_raised & ChannelSignal.Woken) == 0 ? Progress.Done : GoOn(Stage.Clear);
            default:
                // Whoever has left its flag since has taken Woken out. So nobody sleeps, or this changes nothing.
                memory.CompareExchange(RequestWaitWord.Servers, ref _raised, ChannelSignal.WithoutSleepers(_raised));
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
        _raised = _seen;
        return GoOn(ChannelSignal.IsRaised(_seen) ? Stage.Wake : Stage.Raise);
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
