namespace Isthmus;

/// <summary>
/// Waits until there is something to look at in one of the rings. Publishers store and then look for a flag; so who is going to sleep leaves its flag,
/// fences for all, and looks once more.
/// </summary>
/// <param name="layout">Of the topic.</param>
/// <param name="readers">How far the subscriber has come.</param>
/// <param name="waiters">How.</param>
internal struct TopicAwait<TReaders>(TopicLayout layout, TReaders readers, Waiters waiters) : IOperation
    where TReaders : struct, ITopicReaders
{
    private enum Stage
    {
        Rings,
        Look,
        LookAtNews,
        Announce,
        Fence,
        GiveUp,
    }

    private TReaders _readers = readers;
    private Stage _stage;
    private ulong _news;
    private int _rings;
    private int _ring;
    private int _spins;
    private bool _isAnnounced;

    /// <summary>Whether there is.</summary>
    public bool IsReady { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Rings:
                _ring = 0;
                _rings = layout.Publishers == 1 ? 1 : (int)Math.Min(memory.Load(TopicLayout.RingsInUse), (ulong)layout.Publishers);
                return _rings > 0 ? GoTo(Stage.Look) : NotReady(ref memory);
            case Stage.Look:
                return Look(ref memory);
            case Stage.LookAtNews:
                _news = memory.Load(TopicLayout.News);
                return GoTo(IsAnnounced() ? Stage.Fence : Stage.Announce);
            case Stage.Announce:
                return Announce(ref memory);
            case Stage.Fence:
                memory.SleeperFence();
                _isAnnounced = true;
                return GoTo(Stage.Rings);
            default:
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = Stage.GiveUp;

    private Progress Look<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong position = _readers.Position(_ring);
        if (TopicHeader.IsReached(memory.Load(layout.Header(_ring, position)), position))
        {
            IsReady = true;
            return Progress.Done;
        }
        return ++_ring < _rings ? Progress.Continues : NotReady(ref memory);
    }

    private Progress NotReady<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_isAnnounced)
        {
            _isAnnounced = false;
            _stage = Stage.Rings;
            return Progress.WaitsFor(TopicLayout.News, _news);
        }
        return GoTo(memory.Spin(ref _spins) ? Stage.Rings : Stage.LookAtNews);
    }

    private Progress Announce<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong announced = _news | (ulong)waiters;
        if (memory.CompareExchange(TopicLayout.News, ref _news, announced))
        {
            _news = announced;
            return GoTo(Stage.Fence);
        }
        return GoTo(IsAnnounced() ? Stage.Fence : Stage.Announce);
    }

    // Not by HasFlag, which allocates until it is optimised.
    private readonly bool IsAnnounced() => (WaiterFlags.Of(_news) & waiters) == waiters;

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
