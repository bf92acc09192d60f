namespace Isthmus;

/// <summary>Changes how many readers of a slot are inside, and how many want to be.</summary>
/// <param name="slot">Whose.</param>
/// <param name="inside">So many more; fewer when negative.</param>
/// <param name="wanting">So many more; fewer when negative.</param>
internal struct ReaderWriterChange(int slot, int inside, int wanting) : IOperation
{
    private enum Stage
    {
        Look,
        Change,
        Wake,
    }

    private Stage _stage;
    private Waiters _woken;
    private ulong _seen;

    /// <summary>How many more are inside.</summary>
    public readonly int Inside => inside;

    /// <summary>How many more want to be.</summary>
    public readonly int Wanting => wanting;

    /// <summary>Whether it was done; else the word cannot count so many, or so few.</summary>
    public bool IsDone { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(ReaderWriterReaders.Word(slot));
                _stage = Stage.Change;
                return CanCount() ? Progress.Continues : Progress.Done;
            case Stage.Change:
                return Change(ref memory);
            default:
                memory.Wake(ReaderWriterReaders.Word(slot), _woken, int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Counting does not wait.");

    private readonly bool CanCount() => ReaderWriterReaders.CanCount(_seen, inside, wanting);

    private Progress Change<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong before = _seen;
        ulong changed = ReaderWriterReaders.Changed(before, inside, wanting);
        if (!memory.CompareExchange(ReaderWriterReaders.Word(slot), ref _seen, changed))
        {
            return CanCount() ? Progress.Continues : Progress.Done;
        }
        IsDone = true;
        _woken = WaiterFlags.Of(before & ~changed);
        _stage = Stage.Wake;
        return _woken == Waiters.None ? Progress.Done : Progress.Continues;
    }
}
