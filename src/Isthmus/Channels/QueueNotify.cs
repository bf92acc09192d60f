namespace Isthmus;

/// <summary>Part of an operation that has published something by a plain store: wakes whoever sleeps on a signal, when somebody does.</summary>
/// <remarks>
/// Of the consumers' threads one is woken: it passes the wake on when there is more than it takes (<see cref="QueuePassOn"/>). On a lane's signal sleeps
/// nobody but its producer. Who awaits is rung in any case.
/// </remarks>
/// <param name="word">A <see cref="QueueSignal"/>.</param>
/// <param name="always">Raise the signal even when nobody has left a flag there.</param>
internal struct QueueNotify(int word, bool always = false)
{
    private enum Stage : byte
    {
        Fence,
        Look,
        Raise,
        Wake,
    }

    private readonly int _word = word;
    private readonly bool _always = always;
    private Stage _stage;
    private ulong _seen;

    /// <summary>The signal as it was seen last, before it was raised.</summary>
    public readonly ulong Seen => _seen;

    /// <summary>Does a step; true when it was the last.</summary>
    public bool Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Fence:
                memory.PublisherFence();
                _stage = Stage.Look;
                return false;
            case Stage.Look:
                _seen = memory.Load(_word);
                return Decide();
            case Stage.Raise:
                return !memory.CompareExchange(_word, ref _seen, QueueSignal.Raise(_seen)) ? Decide() : Raised();
            default:
                memory.Wake(_word, WaiterFlags.Of(_seen), most: 1);
                return true;
        }
    }

    // While it is being closed, the compare-exchange tells whether what was published came before.
    private bool Decide()
    {
        bool raises = _always || WaiterFlags.Of(_seen) != Waiters.None
            || (_seen & (QueueSignal.Closing | QueueSignal.Closed)) == QueueSignal.Closing;
        _stage = Stage.Raise;
        return !raises;
    }

    private bool Raised()
    {
        _stage = Stage.Wake;
        return WaiterFlags.Of(_seen) == Waiters.None;
    }
}
