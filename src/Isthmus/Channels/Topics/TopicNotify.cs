namespace Isthmus;

/// <summary>What follows a plain store that somebody may wait for: looks for a flag, and wakes all when there is one.</summary>
/// <param name="word">Where they wait.</param>
/// <param name="always">
/// Raises the version and wakes, flag or not: a death may have taken a flag along with the wake that was due.
/// </param>
internal struct TopicNotify(int word, bool always = false)
{
    private enum Stage
    {
        Look,
        Raise,
        Wake,
    }

    private Stage _stage;
    private ulong _seen;

    /// <summary>Does the next step; true when it was the last.</summary>
    public bool Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                memory.PublisherFence();
                _seen = memory.Load(word);
                return !HasReason();
            case Stage.Raise:
                if (!memory.CompareExchange(word, ref _seen, TopicSignal.Raised(_seen)))
                {
                    // When the flags are gone, somebody else wakes; when he dies before that, those who recover him do.
                    return !HasReason();
                }
                _stage = Stage.Wake;
                return false;
            default:
                memory.Wake(word, always ? Waiters.All : WaiterFlags.Of(_seen), int.MaxValue);
                return true;
        }
    }

    private bool HasReason()
    {
        _stage = Stage.Raise;
        return always || WaiterFlags.Of(_seen) != Waiters.None;
    }
}
