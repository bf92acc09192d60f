namespace Isthmus;

/// <summary>
/// Takes the owner word of a reader-writer lock, and becomes the writer when asked to; or waits until it can.
/// </summary>
/// <param name="slot">Who.</param>
/// <param name="waiters">How it waits; <see cref="Waiters.None"/>: it does not.</param>
/// <param name="writes">
/// Whether to write at once; else it reads, may become the writer, and keeps out others who may.
/// </param>
internal struct ReaderWriterEnter(int slot, Waiters waiters, bool writes) : IOperation
{
    private enum Stage
    {
        Look,
        Take,
        Mark,
        Upgrade,
        Pass,
    }

    private Stage _stage;
    private ReaderWriterUpgrade _upgrade;
    private ulong _seen;
    private int _spins;
    private bool _waited;

    /// <summary>What it came to.</summary>
    public ReaderWriterEntry Outcome { get; private set; }

    /// <summary>The word as it was made by the entry: it names this entry.</summary>
    public ulong Owned { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(ReaderWriterOwner.Word);
                return Decide(ref memory);
            case Stage.Take:
                return Take(ref memory);
            case Stage.Mark:
                return Mark(ref memory);
            case Stage.Upgrade:
                Progress progress = _upgrade.Step(ref memory);
                Outcome = _upgrade.Outcome;
                return progress;
            default:
                // The wake may have been meant for us, and its sender has taken the flag of all who sleep out of the
                // word.
                memory.Wake(ReaderWriterOwner.Word, Waiters.All, 1);
                return Progress.Done;
        }
    }

    public void Withdraw()
    {
        if (_stage == Stage.Upgrade)
        {
            _upgrade.Withdraw();
        }
        else
        {
            _stage = Stage.Pass;
        }
    }

    private Progress Decide<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (ReaderWriterOwner.IsUnusable(_seen))
        {
            Outcome = ReaderWriterEntry.Unusable;
            return Progress.Done;
        }
        if (ReaderWriterOwner.IsFree(_seen))
        {
            _stage = Stage.Take;
            return Progress.Continues;
        }
        if (waiters == Waiters.None)
        {
            return Progress.Done;
        }
        _stage = !_waited && memory.Spin(ref _spins) ? Stage.Look : Stage.Mark;
        return Progress.Continues;
    }

    private Progress Take<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        // When no reader has waited, a writer closes the word at once.
        bool closes = writes && !ReaderWriterOwner.HasReadersWaiting(_seen);
        ReaderWriterMode mode = closes ? ReaderWriterMode.Pending : ReaderWriterMode.Upgradeable;
        // Who has slept leaves the flag for the others that may sleep still.
        ulong taken = ReaderWriterOwner.Taken(_seen, slot, mode, _waited ? waiters : Waiters.None);
        if (!memory.CompareExchange(ReaderWriterOwner.Word, ref _seen, taken))
        {
            return Decide(ref memory);
        }
        Owned = taken;
        if (writes)
        {
            _upgrade = new ReaderWriterUpgrade(taken, waiters, ReaderWriterMode.Free);
            _stage = Stage.Upgrade;
            return Progress.Continues;
        }
        Outcome = ReaderWriterOwner.EntryOf(taken);
        return Progress.Done;
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = _seen | (ulong)waiters;
        if (marked != _seen && !memory.CompareExchange(ReaderWriterOwner.Word, ref _seen, marked))
        {
            return Decide(ref memory);
        }
        _waited = true;
        _stage = Stage.Look;
        return Progress.WaitsFor(ReaderWriterOwner.Word, marked);
    }
}
