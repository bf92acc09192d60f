namespace Isthmus;

/// <summary>
/// Waits until so many publish, or subscribe. Who comes stores and then looks for a flag; so who is going to sleep leaves its flag, fences for all, and looks
/// once more.
/// </summary>
/// <param name="layout">Of the topic.</param>
/// <param name="subscribers">Whether those who subscribe are waited for; else those who publish.</param>
/// <param name="least">How many.</param>
/// <param name="waiters">How; <see cref="Waiters.None"/>: not at all.</param>
internal struct TopicAwaitPeers(TopicLayout layout, bool subscribers, int least, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Look,
        Begun,
        LoadFlags,
        Announce,
        Fence,
        GiveUp,
    }

    private Stage _stage;
    private ulong _seen;
    private int _place;
    private int _spins;
    private bool _isAnnounced;

    /// <summary>How many there were.</summary>
    public int Count { get; private set; }

    // Where those wait who want to know that somebody has come.
    private readonly int Signal => subscribers ? TopicLayout.Room : TopicLayout.News;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                return Look(ref memory);
            case Stage.Begun:
                // It gets all that is published from then on.
                Count += memory.Load(layout.Lost(_place)) == TopicLayout.NotBegun ? 0 : 1;
                return Next(ref memory);
            case Stage.LoadFlags:
                _seen = memory.Load(Signal);
                return GoTo(Stage.Announce);
            case Stage.Announce:
                return Announce(ref memory);
            case Stage.Fence:
                memory.SleeperFence();
                _isAnnounced = true;
                return Begin();
            default:
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = Stage.GiveUp;

    private Progress Look<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        TopicOwnerState state = TopicOwner.StateOf(memory.Load(subscribers ? layout.Seat(_place) : layout.Owner(_place)));
        if (subscribers && state is TopicOwnerState.DropsOldest or TopicOwnerState.Blocks)
        {
            return GoTo(Stage.Begun);
        }
        Count += !subscribers && state != TopicOwnerState.Free ? 1 : 0;
        return Next(ref memory);
    }

    private Progress Next<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (++_place < (subscribers ? layout.Subscribers : layout.Publishers))
        {
            return GoTo(Stage.Look);
        }
        if (Count >= least || waiters == Waiters.None)
        {
            return Progress.Done;
        }
        if (_isAnnounced)
        {
            _isAnnounced = false;
            Begin();
            return Progress.WaitsFor(Signal, _seen);
        }
        return memory.Spin(ref _spins) ? Begin() : GoTo(Stage.LoadFlags);
    }

    private Progress Announce<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong announced = _seen | (ulong)waiters;
        if (announced != _seen && !memory.CompareExchange(Signal, ref _seen, announced))
        {
            return Progress.Continues;
        }
        _seen = announced;
        return GoTo(Stage.Fence);
    }

    private Progress Begin()
    {
        (_place, Count) = (0, 0);
        return GoTo(Stage.Look);
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
