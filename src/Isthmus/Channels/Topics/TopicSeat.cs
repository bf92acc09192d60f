namespace Isthmus;

/// <summary>
/// Takes a free seat for a subscriber and clears it. One that blocks holds every publisher that would overwrite anything until its cursors stand
/// (<see cref="TopicFind"/>, <see cref="TopicAdvance"/>): it takes part before it looks where it begins.
/// </summary>
/// <param name="layout">Of the topic.</param>
/// <param name="slot">Whose.</param>
/// <param name="blocks">Whether no publisher may overtake it.</param>
internal struct TopicSeat(TopicLayout layout, int slot, bool blocks) : IOperation
{
    private enum Stage
    {
        Look,
        Take,
        Clear,
        Open,
    }

    private Stage _stage;
    private ulong _seen;
    private int _word;

    /// <summary>Which seat; -1 when none is free.</summary>
    public int Seat { get; private set; }

    /// <summary>The word of the seat, to leave it by.</summary>
    public ulong Owner { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(layout.Seat(Seat));
                return Decide();
            case Stage.Take:
                return Take(ref memory);
            case Stage.Clear:
                // The cursors and pins stand behind what its last subscriber has lost.
                memory.Store(layout.Lost(Seat) + _word, _word == 0 ? TopicLayout.NotBegun : 0);
                return GoTo(++_word <= layout.Publishers + layout.Pins ? Stage.Clear : Stage.Open);
            default:
                return Open(ref memory);
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private Progress Decide()
    {
        if (TopicOwner.IsFree(_seen))
        {
            return GoTo(Stage.Take);
        }
        if (++Seat < layout.Subscribers)
        {
            return GoTo(Stage.Look);
        }
        Seat = -1;
        return Progress.Done;
    }

    private Progress Take<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong taken = TopicOwner.Taken(_seen, slot, TopicOwnerState.Joining);
        if (!memory.CompareExchange(layout.Seat(Seat), ref _seen, taken))
        {
            return Decide();
        }
        Owner = taken;
        return GoTo(Stage.Clear);
    }

    // A full fence. When it fails, somebody scribbles in the segment, and the seat is nobody's.
    private Progress Open<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong taken = Owner;
        Owner = TopicOwner.With(taken, blocks ? TopicOwnerState.Blocks : TopicOwnerState.DropsOldest);
        memory.CompareExchange(layout.Seat(Seat), ref taken, Owner);
        return Progress.Done;
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
