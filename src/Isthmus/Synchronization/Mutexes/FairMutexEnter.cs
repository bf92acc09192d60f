namespace Isthmus;

/// <summary>Enters a fair mutex, or waits for its turn.</summary>
/// <param name="slot">Who.</param>
/// <param name="waiters">How it waits; <see cref="Waiters.None"/>: it does not.</param>
internal struct FairMutexEnter(int slot, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Look,
        Enter,
        Read,
        Join,
        Mark,
        Flag,
        Leave,
        LookBack,
        Call,
        Pass,
    }

    private Stage _stage;
    private FairMutexCall _call;
    private FairMutexPass _pass;
    private ulong _seen;
    private ulong _queue;
    private int _spins;
    private bool _batch;
    private bool _hasJoined;
    private bool _gaveUp;

    /// <summary>What it came to.</summary>
    public MutexEntry Outcome { get; private set; }

    /// <summary>The word as it was made by the entry: what <see cref="FairMutexExit"/> needs.</summary>
    public ulong Owned { get; private set; }

    private readonly int Queue => FairMutexQueue.Word(slot);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(MutexWord.Word);
                return Decide(ref memory);
            case Stage.Enter:
                return Enter(ref memory);
            case Stage.Read:
                _queue = memory.Load(Queue);
                return GoTo(Stage.Join);
            case Stage.Join:
                return Join(ref memory);
            case Stage.Mark:
                return memory.CompareExchange(MutexWord.Word, ref _seen, _seen | FairMutexWord.Queue) ? Wait() : Decide(ref memory);
            case Stage.Flag:
                return Flag(ref memory);
            case Stage.Leave:
                return Leave(ref memory);
            case Stage.LookBack:
                _seen = memory.Load(MutexWord.Word);
                return LookBack();
            case Stage.Call:
                return _call.Step(ref memory);
            default:
                return _pass.Step(ref memory);
        }
    }

    public void Withdraw()
    {
        _gaveUp = true;
        _stage = Stage.Leave;
    }

    private Progress Decide<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if ((_seen & MutexWord.Unusable) != 0)
        {
            return End(MutexEntry.Unusable);
        }
        bool isMyTurn = _hasJoined && FairMutexWord.IsTurnOf(_seen, slot) && FairMutexQueue.BatchOf(_queue) == _batch;
        if (isMyTurn || MutexWord.IsFree(_seen))
        {
            return GoTo(Stage.Enter);
        }
        if (waiters == Waiters.None)
        {
            return Progress.Done;
        }
        if (!_hasJoined)
        {
            return GoTo(memory.Spin(ref _spins) ? Stage.Look : Stage.Read);
        }
        return FairMutexWord.HasQueue(_seen) ? Wait() : GoTo(Stage.Mark);
    }

    private Progress Enter<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong entered = MutexWord.IsFree(_seen) ? MutexWord.Entered(_seen, slot, Waiters.None) : FairMutexWord.Claimed(_seen);
        if (!memory.CompareExchange(MutexWord.Word, ref _seen, entered))
        {
            return Decide(ref memory);
        }
        Owned = entered;
        return End((entered & MutexWord.Abandoned) != 0 ? MutexEntry.Abandoned : MutexEntry.Entered);
    }

    // The flag is in the queue before the owner word is looked at, and whoever chooses this slot looks at the queue
    // afterwards.
    private Progress Join<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (FairMutexQueue.NextBatchOf(_queue) is not { } batch)
        {
            return End(MutexEntry.Full);
        }
        ulong joined = FairMutexQueue.Joined(_queue, waiters);
        if (memory.CompareExchange(Queue, ref _queue, joined))
        {
            _queue = joined;
            _batch = batch;
            _hasJoined = true;
            _stage = Stage.Look;
        }
        return Progress.Continues;
    }

    private Progress Wait()
    {
        _stage = Stage.Flag;
        return Progress.WaitsFor(Queue, _queue);
    }

    private Progress Flag<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong flagged = _queue | (ulong)waiters;
        if (memory.CompareExchange(Queue, ref _queue, flagged))
        {
            _queue = flagged;
            _stage = Stage.Look;
        }
        return Progress.Continues;
    }

    private Progress Leave<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong left = FairMutexQueue.Left(_queue, _batch);
        if (!memory.CompareExchange(Queue, ref _queue, left))
        {
            return Progress.Continues;
        }
        _queue = left;
        return _gaveUp ? GoTo(Stage.LookBack) : Progress.Done;
    }

    // Who gives up passes its turn on, to the others of the slot or to the next slot.
    private Progress LookBack()
    {
        if (!FairMutexWord.IsTurnOf(_seen, slot))
        {
            return Progress.Done;
        }
        _call = new FairMutexCall(slot, always: false);
        _pass = new FairMutexPass(_seen, _seen, isOnlyOne: false);
        return GoTo(FairMutexQueue.HasWaiters(_queue) ? Stage.Call : Stage.Pass);
    }

    private Progress End(MutexEntry outcome)
    {
        Outcome = outcome;
        return _hasJoined ? GoTo(Stage.Leave) : Progress.Done;
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
