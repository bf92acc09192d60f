namespace Isthmus;

/// <summary>Takes a free ring for a publisher, which goes on where the ring's last one has ended (<see cref="TopicFind"/>).</summary>
/// <param name="layout">Of the topic.</param>
/// <param name="slot">Whose.</param>
internal struct TopicAdvertise(TopicLayout layout, int slot) : IOperation
{
    private enum Stage
    {
        Look,
        Take,
        Count,
        Raise,
    }

    private Stage _stage;
    private ulong _seen;

    /// <summary>Which ring; -1 when none is free.</summary>
    public int Ring { get; private set; }

    /// <summary>The ring's word, to leave it by.</summary>
    public ulong Owner { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(layout.Owner(Ring));
                return Decide();
            case Stage.Take:
                return Take(ref memory);
            case Stage.Count:
                _seen = memory.Load(TopicLayout.RingsInUse);
                return IsCounted();
            default:
                return memory.CompareExchange(TopicLayout.RingsInUse, ref _seen, (ulong)(Ring + 1)) ? Progress.Done : IsCounted();
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private Progress Decide()
    {
        if (TopicOwner.IsFree(_seen))
        {
            return GoTo(Stage.Take);
        }
        if (++Ring < layout.Publishers)
        {
            return GoTo(Stage.Look);
        }
        Ring = -1;
        return Progress.Done;
    }

    private Progress Take<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong taken = TopicOwner.Taken(_seen, slot, TopicOwnerState.Joining);
        if (!memory.CompareExchange(layout.Owner(Ring), ref _seen, taken))
        {
            return Decide();
        }
        Owner = taken;
        return layout.Publishers == 1 ? Progress.Done : GoTo(Stage.Count);
    }

    // Before it publishes anything: subscribers look at no more rings than that.
    private Progress IsCounted() => _seen > (ulong)Ring ? Progress.Done : GoTo(Stage.Raise);

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
