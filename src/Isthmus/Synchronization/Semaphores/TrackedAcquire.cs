namespace Isthmus;

/// <summary>Acquires a permit of an owner-tracked semaphore, or waits until it can. It owes wakes as <see cref="PassGate{TGate}"/> says.</summary>
/// <param name="slot">Who.</param>
/// <param name="waiters">How it waits; <see cref="Waiters.None"/>: it does not.</param>
internal struct TrackedAcquire(int slot, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Look,
        Take,
        Finish,
        Mark,
        WakeNext,
        GiveUp,
    }

    private TrackedView _view = new(slot);
    private Stage _stage;
    private ulong _taken;
    private int _spins;
    private bool _waited;

    public static bool StandsForAll => true;

    /// <summary>Whether it has one.</summary>
    public bool Acquired { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                return _view.Step(ref memory) ? Decide(ref memory) : Progress.Continues;
            case Stage.Take:
                return Take(ref memory);
            case Stage.Finish:
                return Finish(ref memory);
            case Stage.Mark:
                return Mark(ref memory);
            case Stage.WakeNext:
                memory.Wake(TrackedWord.Word, Waiters.Sleepers, 1);
                return Progress.Done;
            default:
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = waiters == Waiters.Sleepers ? Stage.WakeNext : Stage.GiveUp;

    private Progress Decide<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (TrackedWord.AvailableOf(_view.Central) > 0)
        {
            _stage = Stage.Take;
            return Progress.Continues;
        }
        if (waiters == Waiters.None)
        {
            return Progress.Done;
        }
        if (!_waited && memory.Spin(ref _spins))
        {
            return LookAgain();
        }
        _stage = Stage.Mark;
        return Progress.Continues;
    }

    private Progress Take<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong central = _view.Central;
        _taken = TrackedWord.After(central, slot, _view.Held, TrackedKind.Acquire) | (ulong)(_waited ? waiters : Waiters.None);
        if (!memory.CompareExchange(TrackedWord.Word, ref central, _taken))
        {
            return LookAgain();
        }
        Acquired = true;
        _stage = Stage.Finish;
        return Progress.Continues;
    }

    private Progress Finish<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong held = _view.Held;
        // When it fails, another has helped.
        memory.CompareExchange(HeldWord.Word(slot), ref held, HeldWord.After(held, _taken));
        if (!_waited || waiters != Waiters.Sleepers || TrackedWord.AvailableOf(_taken) == 0)
        {
            return Progress.Done;
        }
        _stage = Stage.WakeNext;
        return Progress.Continues;
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong central = _view.Central;
        ulong marked = central | (ulong)waiters;
        if (marked != central && !memory.CompareExchange(TrackedWord.Word, ref central, marked))
        {
            return LookAgain();
        }
        _waited = true;
        LookAgain();
        return Progress.WaitsFor(TrackedWord.Word, marked);
    }

    private Progress LookAgain()
    {
        _view = new TrackedView(slot);
        _stage = Stage.Look;
        return Progress.Continues;
    }
}
