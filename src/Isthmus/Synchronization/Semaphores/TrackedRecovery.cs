namespace Isthmus;

/// <summary>Returns what a dead participant holds of an owner-tracked semaphore, once however many recover, and wakes all who wait.</summary>
/// <param name="slot">Whose.</param>
/// <param name="proven">Whether the slot's life lock is held by who recovers; else the death is proved between reading and changing.</param>
internal struct TrackedRecovery(int slot, bool proven) : IOperation
{
    private enum Stage
    {
        Look,
        Prove,
        Return,
        Finish,
        Wake,
    }

    private TrackedView _view = new(slot);
    private Stage _stage;
    private ulong _returned;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                if (_view.Step(ref memory))
                {
                    _stage = HeldWord.HeldOf(_view.Held) == 0 ? Stage.Wake : proven ? Stage.Return : Stage.Prove;
                }
                return Progress.Continues;
            case Stage.Prove:
                _stage = memory.IsDead(slot) ? Stage.Return : Stage.Wake;
                return Progress.Continues;
            case Stage.Return:
                Return(ref memory);
                return Progress.Continues;
            case Stage.Finish:
                Finish(ref memory);
                return Progress.Continues;
            default:
                memory.Wake(TrackedWord.Word, Waiters.All, int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");

    private void Return<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong central = _view.Central;
        _returned = TrackedWord.After(central, slot, _view.Held, TrackedKind.ReturnAll);
        if (memory.CompareExchange(TrackedWord.Word, ref central, _returned))
        {
            _stage = Stage.Finish;
            return;
        }
        _view = new TrackedView(slot);
        _stage = Stage.Look;
    }

    private void Finish<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong held = _view.Held;
        // When it fails, another has helped.
        memory.CompareExchange(HeldWord.Word(slot), ref held, HeldWord.After(held, _returned));
        _stage = Stage.Wake;
    }
}
