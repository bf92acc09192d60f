namespace Isthmus;

/// <summary>
/// Enters a reader-writer lock to read, or waits until it can. A reader announces itself in its slot's word and then
/// looks at the owner word; a writer closes the owner word and then looks at all slots: one of them sees the other.
/// </summary>
/// <remarks>
/// Who has to wait says in its slot's word that it wants to enter, and goes on saying so until it is inside: from then
/// on no further writer closes the owner word before.
/// </remarks>
/// <param name="slot">Who.</param>
/// <param name="waiters">How it waits; <see cref="Waiters.None"/>: it does not.</param>
internal struct ReaderWriterEnterRead(int slot, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Look,
        Announce,
        Check,
        Mark,
        End,
    }

    private Stage _stage;
    private Stage _next;
    private ReaderWriterChange _change;
    private ulong _seen;
    private int _spins;
    private bool _isInside;
    private bool _wants;

    /// <summary>What it came to.</summary>
    public ReaderWriterEntry Outcome { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(ReaderWriterOwner.Word);
                return Decide(ref memory);
            case Stage.Announce:
                return Announce(ref memory);
            case Stage.Check:
                _seen = memory.Load(ReaderWriterOwner.Word);
                return Check();
            default:
                return Mark(ref memory);
        }
    }

    // What a wake finds is found by all readers that wait, and they are woken together: there is none to pass on.
    public void Withdraw() => Finish(ReaderWriterEntry.Busy);

    // Not inside.
    private Progress Decide<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (ReaderWriterOwner.IsUnusable(_seen))
        {
            return Finish(ReaderWriterEntry.Unusable);
        }
        if (!ReaderWriterOwner.IsClosed(_seen))
        {
            return Set(isInside: true, _wants, Stage.Check);
        }
        if (waiters == Waiters.None)
        {
            return Finish(ReaderWriterEntry.Busy);
        }
        if (_wants)
        {
            return GoTo(Stage.Mark);
        }
        return memory.Spin(ref _spins) ? GoTo(Stage.Look) : Set(isInside: false, wants: true, Stage.Mark);
    }

    // Announced as inside: true when no writer is.
    private Progress Check()
    {
        if (ReaderWriterOwner.IsUnusable(_seen))
        {
            return Finish(ReaderWriterEntry.Unusable);
        }
        if (!ReaderWriterOwner.IsClosed(_seen))
        {
            return Finish(ReaderWriterOwner.EntryOf(_seen));
        }
        return waiters == Waiters.None ? Finish(ReaderWriterEntry.Busy) : Set(isInside: false, wants: true, Stage.Mark);
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = _seen | ReaderWriterOwner.ReadersWait | (ulong)waiters;
        if (marked != _seen && !memory.CompareExchange(ReaderWriterOwner.Word, ref _seen, marked))
        {
            return Decide(ref memory);
        }
        _stage = Stage.Look;
        return Progress.WaitsFor(ReaderWriterOwner.Word, marked);
    }

    private Progress Finish(ReaderWriterEntry outcome)
    {
        Outcome = outcome;
        return Set(outcome is ReaderWriterEntry.Entered or ReaderWriterEntry.Abandoned, wants: false, Stage.End);
    }

    private Progress Set(bool isInside, bool wants, Stage next)
    {
        int inside = (isInside ? 1 : 0) - (_isInside ? 1 : 0);
        int wanting = (wants ? 1 : 0) - (_wants ? 1 : 0);
        _next = next;
        if (inside == 0 && wanting == 0)
        {
            return GoTo(next);
        }
        _change = new ReaderWriterChange(slot, inside, wanting);
        return GoTo(Stage.Announce);
    }

    private Progress Announce<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_change.Step(ref memory).Kind != ProgressKind.Done)
        {
            return Progress.Continues;
        }
        if (!_change.IsDone)
        {
            // When the word does not even hold what is to be taken back, it is not ours any more: disposed, or scribbled over.
            return _next == Stage.End ? GoTo(Stage.End) : Finish(ReaderWriterEntry.Full);
        }
        _isInside ^= _change.Inside != 0;
        _wants ^= _change.Wanting != 0;
        return GoTo(_next);
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return stage == Stage.End ? Progress.Done : Progress.Continues;
    }
}
