namespace Isthmus;

/// <summary>Gives a permit of an owner-tracked semaphore back; refused when the slot holds none.</summary>
/// <param name="slot">Who.</param>
internal struct TrackedRelease(int slot) : IOperation
{
    private enum Stage
    {
        Look,
        Give,
        Finish,
        Wake,
    }

    private TrackedView _view = new(slot);
    private Stage _stage;
    private ulong _given;

    /// <summary>Whether one was given back.</summary>
    public bool Released { get; private set; }

    /// <summary>How many were available before.</summary>
    public readonly int Previous => TrackedWord.AvailableOf(_view.Central);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                return _view.Step(ref memory) ? Decide() : Progress.Continues;
            case Stage.Give:
                return Give(ref memory);
            case Stage.Finish:
                return Finish(ref memory);
            default:
                memory.Wake(TrackedWord.Word, WaiterFlags.Of(_view.Central), 1);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Releasing does not wait.");

    private Progress Decide()
    {
        if (HeldWord.HeldOf(_view.Held) == 0)
        {
            return Progress.Done;
        }
        _stage = Stage.Give;
        return Progress.Continues;
    }

    private Progress Give<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong central = _view.Central;
        _given = TrackedWord.After(central, slot, _view.Held, TrackedKind.Release);
        Released = memory.CompareExchange(TrackedWord.Word, ref central, _given);
        if (Released)
        {
            _stage = Stage.Finish;
        }
        else
        {
            _view = new TrackedView(slot);
            _stage = Stage.Look;
        }
        return Progress.Continues;
    }

    private Progress Finish<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong held = _view.Held;
        // When it fails, another has helped.
        memory.CompareExchange(HeldWord.Word(slot), ref held, HeldWord.After(held, _given));
        if (WaiterFlags.Of(_view.Central) == Waiters.None)
        {
            return Progress.Done;
        }
        _stage = Stage.Wake;
        return Progress.Continues;
    }
}
