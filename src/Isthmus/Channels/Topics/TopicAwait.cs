namespace Isthmus;

/// <summary>
/// Waits until there is something to look at in one of the rings. Publishers store and then look for a flag; so who is going to sleep leaves its flag,
/// fences for all, and looks once more.
/// </summary>
/// <param name="layout">Of the topic.</param>
/// <param name="readers">How far the subscriber has come.</param>
/// <param name="waiters">How.</param>
/// <param name="ends">Whether to end it when there were publishers, none is left, and nothing of theirs either.</param>
internal struct TopicAwait<TReaders>(TopicLayout layout, TReaders readers, Waiters waiters, bool ends = false) : IOperation
    where TReaders : struct, ITopicReaders
{
    // How often publishers may come and go under a look.
    private const int LooksMax = 10_000;

    private enum Stage
    {
        Rings,
        Look,
        Owners,
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
    private ulong _owners;
    private ulong _ownersBefore;
    private short _looks;
    private bool _sawNobody;

    /// <summary>Whether there is.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Whether all publishers are gone, and nothing is left to look at.</summary>
    public bool HasEnded { get; private set; }

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
            case Stage.Owners:
                return LookForPublisher(ref memory);
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
        if (_sawNobody)
        {
            HasEnded = true;
            return Progress.Done;
        }
        if (ends)
        {
            (_ring, _owners) = (0, 0);
            return GoTo(Stage.Owners);
        }
        return NotYet(ref memory);
    }

    // All are free, and were when they were looked at before: the words say how often each was taken, so between the two there was nobody. What the last one
    // has published before it left is there by then: one look more.
    private Progress LookForPublisher<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong owner = memory.Load(layout.Owner(_ring));
        _owners += owner;
        if (!TopicOwner.IsFree(owner))
        {
            return NotYet(ref memory);
        }
        if (++_ring < layout.Publishers)
        {
            return Progress.Continues;
        }
        // Nobody has come yet; or somebody hostile changes them all the time.
        if (_owners == 0 || ++_looks > LooksMax)
        {
            return NotYet(ref memory);
        }
        _sawNobody = _owners == _ownersBefore;
        (_ownersBefore, _owners, _ring) = (_owners, 0, 0);
        return _sawNobody ? GoTo(Stage.Rings) : Progress.Continues;
    }

    private Progress NotYet<TMemory>(ref TMemory memory)
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
