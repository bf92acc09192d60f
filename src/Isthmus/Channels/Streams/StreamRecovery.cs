namespace Isthmus;

/// <summary>
/// Says of the end that a dead participant had that it died, and wakes whoever waits for it. Any number of survivors may do this at once; who finds
/// it said wakes all the same, because who said it may be dead too.
/// </summary>
/// <param name="slot">Whose.</param>
/// <param name="proven">Whether the slot's life lock is held by who recovers; else the death is proved between reading and changing.</param>
internal struct StreamRecovery(int slot, bool proven) : IOperation
{
    private enum Stage
    {
        Look,
        Prove,
        Repair,
        Tell,
        WakeOpener,
    }

    private Stage _stage;
    private int _end;
    private ulong _seen;
    private StreamTell _tell;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(StreamWord.End(_end));
                return Decide();
            case Stage.Prove:
                return memory.IsDead(slot) ? GoOn(Stage.Repair) : Next();
            case Stage.Repair:
                ulong died = StreamEndWord.Gone(WaiterFlags.Without(_seen), SharedStreamEnd.Died);
                return memory.CompareExchange(StreamWord.End(_end), ref _seen, died) ? Tell() : Decide();
            case Stage.Tell:
                return _tell.Step(ref memory).Kind == ProgressKind.Done ? Next() : Progress.Continues;
            default:
                // It may have opened the second end, and died before it woke who waits for that.
                memory.Wake(StreamWord.End(1), Waiters.All, int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");

    private Progress Decide()
    {
        if (StreamEndWord.IsOpenAt(_seen, slot))
        {
            return GoOn(proven ? Stage.Repair : Stage.Prove);
        }
        return StreamEndWord.IsGone(_seen) ? Tell() : Next();
    }

    private Progress Tell()
    {
        _tell = new StreamTell(_end);
        return GoOn(Stage.Tell);
    }

    private Progress Next() => GoOn(++_end < StreamWord.Ends ? Stage.Look : Stage.WakeOpener);

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
