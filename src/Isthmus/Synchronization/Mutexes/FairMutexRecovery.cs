namespace Isthmus;

/// <summary>
/// Takes a dead participant out of the queue of a fair mutex and passes on what it had, then lets all who wait look again: the dead one may have
/// been about to call them.
/// </summary>
/// <param name="slot">Whose.</param>
/// <param name="proven">Whether the slot's life lock is held by who recovers; else the death is proved between reading and changing.</param>
internal struct FairMutexRecovery(int slot, bool proven) : IOperation
{
    private enum Stage
    {
        LookAtQueue,
        ProveQueue,
        RepairQueue,
        Look,
        Prove,
        Pass,
        Call,
        CallAll,
    }

    private Stage _stage;
    private FairMutexPass _pass;
    private FairMutexCall _call;
    private FairMutexCallAll _callAll;
    private ulong _seen;

    private readonly int Queue => FairMutexQueue.Word(slot);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.LookAtQueue:
                _seen = memory.Load(Queue);
                return GoTo(!FairMutexQueue.HasWaiters(_seen) ? Stage.Look : proven ? Stage.RepairQueue : Stage.ProveQueue);
            case Stage.ProveQueue:
                return GoTo(memory.IsDead(slot) ? Stage.RepairQueue : Stage.Look);
            case Stage.RepairQueue:
                bool isRepaired = memory.CompareExchange(Queue, ref _seen, FairMutexQueue.Recovered(_seen));
                return GoTo(isRepaired ? Stage.Look : Stage.LookAtQueue);
            case Stage.Look:
                _seen = memory.Load(MutexWord.Word);
                return Decide(memory.Slots);
            case Stage.Prove:
                return memory.IsDead(slot) ? Begin() : GoToCallAll();
            case Stage.Pass:
                return _pass.Step(ref memory).Kind == ProgressKind.Done ? _pass.HasPassed ? GoToCallAll() : GoTo(Stage.Look) : Progress.Continues;
            case Stage.Call:
                return Call(ref memory);
            default:
                return _callAll.Step(ref memory);
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");

    private Progress Decide(int slots)
    {
        if (MutexWord.IsOwnedBy(_seen, slot))
        {
            return proven ? Begin() : GoTo(Stage.Prove);
        }
        if (FairMutexWord.IsChosen(_seen) && MutexWord.OwnerOf(_seen) < slots)
        {
            // It may be the dead one that chose it, and did not look whether anybody waits there still.
            _call = new FairMutexCall(MutexWord.OwnerOf(_seen), always: true);
            return GoTo(Stage.Call);
        }
        return GoToCallAll();
    }

    private Progress Begin()
    {
        _pass = new FairMutexPass(_seen, FairMutexWord.Orphaned(_seen), isOnlyOne: false);
        return GoTo(Stage.Pass);
    }

    private Progress Call<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_call.Step(ref memory).Kind != ProgressKind.Done)
        {
            return Progress.Continues;
        }
        if (_call.HasWaiters)
        {
            return GoToCallAll();
        }
        _pass = new FairMutexPass(_seen, _seen, isOnlyOne: false);
        return GoTo(Stage.Pass);
    }

    private Progress GoToCallAll()
    {
        _callAll = new FairMutexCallAll(always: true);
        return GoTo(Stage.CallAll);
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
