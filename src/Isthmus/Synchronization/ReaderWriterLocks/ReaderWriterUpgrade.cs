namespace Isthmus;

/// <summary>
/// Makes the owner of the owner word the writer: lets the readers in that have waited, closes the word, waits until all
/// readers have left.
/// </summary>
internal struct ReaderWriterUpgrade : IOperation
{
    private enum Stage
    {
        Invite,
        Close,
        Empty,
        Mark,
        Write,
        GiveBack,
    }

    private readonly ulong _owned;
    private readonly Waiters _waiters;
    private readonly ReaderWriterMode _fallback;
    private Stage _stage;
    private Stage _scan;
    private ReaderWriterLower _lower;
    private ulong _seen;
    private ulong _readers;
    private int _slot;
    private int _spins;
    private bool _hasInvited;
    private bool _waited;

    /// <param name="owned">The word that the entry made, or a later one.</param>
    /// <param name="waiters">How it waits; <see cref="Waiters.None"/>: it does not.</param>
    /// <param name="fallback">What it is when it does not succeed.</param>
    public ReaderWriterUpgrade(ulong owned, Waiters waiters, ReaderWriterMode fallback)
    {
        _owned = _seen = owned;
        _waiters = waiters;
        _fallback = fallback;
        _stage = ReaderWriterOwner.IsClosed(owned) ? Stage.Empty : Stage.Close;
    }

    /// <summary>What it came to.</summary>
    public ReaderWriterEntry Outcome { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Invite:
                return Scan(ref memory, ReaderWriterReaders.Wanting, Stage.Close);
            case Stage.Close:
                return Close(ref memory);
            case Stage.Empty:
                return Scan(ref memory, ReaderWriterReaders.Inside, Stage.Write);
            case Stage.Mark:
                return Mark(ref memory);
            case Stage.Write:
                return Write(ref memory);
            default:
                return _lower.Step(ref memory);
        }
    }

    public void Withdraw()
    {
        _lower = new ReaderWriterLower(_seen, _fallback);
        _stage = Stage.GiveBack;
    }

    // Looks at one slot; waits for it, or goes on to the next.
    private Progress Scan<TMemory>(ref TMemory memory, ulong kind, Stage next)
        where TMemory : struct, ISharedMemory
    {
        if (_slot >= memory.Slots)
        {
            _slot = 0;
            return GoTo(next);
        }
        _readers = memory.Load(ReaderWriterReaders.Word(_slot));
        if ((_readers & kind) == 0)
        {
            _slot++;
            return Progress.Continues;
        }
        if (_waiters == Waiters.None)
        {
            Withdraw();
            return Progress.Continues;
        }
        _scan = _stage;
        return !_waited && memory.Spin(ref _spins) ? Progress.Continues : GoTo(Stage.Mark);
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        int word = ReaderWriterReaders.Word(_slot);
        ulong marked = _readers | (ulong)_waiters;
        _stage = _scan;
        _waited = marked == _readers || memory.CompareExchange(word, ref _readers, marked);
        return _waited ? Progress.WaitsFor(word, marked) : Progress.Continues;
    }

    private Progress Close<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (ReaderWriterOwner.HasReadersWaiting(_seen) && !_hasInvited)
        {
            _hasInvited = true;
            return GoTo(Stage.Invite);
        }
        ulong closed = ReaderWriterOwner.Closed(_seen);
        if (memory.CompareExchange(ReaderWriterOwner.Word, ref _seen, closed))
        {
            _seen = closed;
            return GoTo(Stage.Empty);
        }
        return ReaderWriterOwner.IsSameEntry(_seen, _owned) ? Progress.Continues : Progress.Done;
    }

    private Progress Write<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        // When it fails, waiters came; or somebody has damaged the word, for nobody else changes that of a living owner.
        if (memory.CompareExchange(ReaderWriterOwner.Word, ref _seen, ReaderWriterOwner.WithMode(_seen, ReaderWriterMode.Writing)))
        {
            Outcome = ReaderWriterOwner.EntryOf(_seen);
            return Progress.Done;
        }
        return ReaderWriterOwner.IsSameEntry(_seen, _owned) ? Progress.Continues : Progress.Done;
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
