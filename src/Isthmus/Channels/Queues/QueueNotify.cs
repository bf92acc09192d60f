namespace Isthmus;

/// <summary>Part of an operation that has published something by a plain store: wakes whoever sleeps on a signal, when somebody does.</summary>
/// <remarks>
/// Of the threads of several consumers one is woken; if there is more than it takes, it wakes the next (<see cref="QueuePassOn"/>). It may be stopped
/// before, so the next who publishes wakes another. On a lane's signal sleeps nobody but its producer. Who awaits is rung in any case.
/// </remarks>
/// <param name="word">A <see cref="ChannelSignal"/>.</param>
/// <param name="several">Whether it is that of consumers, and there may be more than one.</param>
internal struct QueueNotify(int word, bool several = false)
{
    private enum Stage : byte
    {
        Fence,
        Look,
        Raise,
        Wake,
        Others,
        Clear,
    }

    private readonly int _word = word;
    private readonly bool _several = several;
    private Stage _stage;
    private ulong _seen;
    private ulong _raised;

    /// <summary>The signal as it was seen last, before it was raised.</summary>
    public readonly ulong Seen => _seen;

    /// <summary>The look at those who wait for messages.</summary>
    public static QueueNotify Arrivals(QueueShape shape) => new(QueueShape.Arrivals, shape.Consumers > 1);

    /// <summary>Does a step; true when it was the last.</summary>
    public bool Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Fence:
                memory.PublisherFence();
                return GoOn(Stage.Look);
            case Stage.Look:
                _seen = memory.Load(_word);
                return Decide();
            case Stage.Raise:
                _raised = ChannelSignal.Raise(_seen);
                return memory.CompareExchange(_word, ref _seen, _raised) ? WaiterFlags.Of(_seen) == Waiters.None || GoOn(Stage.Wake) : Decide();
            case Stage.Wake:
                int woken = memory.Wake(_word, WaiterFlags.Of(_seen), most: 1);
                return (_raised & ChannelSignal.Woken) == 0 || GoOn(woken > 0 && _several ? Stage.Others : Stage.Clear);
            case Stage.Others:
                // Whoever has left its flag before the raising has joined before.
                return memory.Load(QueueShape.ConsumersInUse) > 1 || GoOn(Stage.Clear);
            default:
                // Whoever has left its flag since has taken Woken out. So nobody sleeps, or this changes nothing.
                memory.CompareExchange(_word, ref _raised, ChannelSignal.WithoutSleepers(_raised));
                return true;
        }
    }

    // While it is being closed, the compare-exchange tells whether what was published came before.
    private bool Decide()
    {
        if ((_seen & (QueueSignal.Closing | QueueSignal.Closed)) == QueueSignal.Closing)
        {
            return GoOn(Stage.Raise);
        }
        if (WaiterFlags.Of(_seen) == Waiters.None)
        {
            return true;
        }
        // Raised already, since the last who sleeps has left its flag.
        _raised = _seen;
        return GoOn(ChannelSignal.IsRaised(_seen) ? Stage.Wake : Stage.Raise);
    }

    private bool GoOn(Stage stage)
    {
        _stage = stage;
        return false;
    }
}
