namespace Isthmus;

/// <summary>Part of an operation: tells all who sleep that peers have come or gone, or that the queue was closed.</summary>
/// <param name="shape">The queue.</param>
/// <param name="wakesAll">
/// Whether to wake those too who have no flag there: somebody has taken that of those who await, and died before they were rung.
/// </param>
internal struct QueueTell(QueueShape shape, bool wakesAll)
{
    private enum Stage : byte
    {
        LookPeers,
        RaisePeers,
        Look,
        Raise,
        Wake,
    }

    private readonly QueueShape _shape = shape;
    private readonly bool _wakesAll = wakesAll;
    private Stage _stage;
    private int _lane = -1;
    private ulong _seen;

    /// <summary>Does a step; true when it was the last.</summary>
    public bool Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.LookPeers:
                _seen = memory.Load(QueueShape.Peers);
                return GoOn(Stage.RaisePeers);
            case Stage.RaisePeers:
                return !memory.CompareExchange(QueueShape.Peers, ref _seen, _seen + 1) ? GoOn(Stage.RaisePeers) : GoOn(Stage.Look);
            case Stage.Look:
                _seen = memory.Load(Word);
                return GoOn(Stage.Raise);
            case Stage.Raise:
                return Raise(ref memory);
            default:
                memory.Wake(Word, _wakesAll ? Waiters.All : WaiterFlags.Of(_seen), int.MaxValue);
                return Next();
        }
    }

    private readonly int Word => _lane < 0 ? QueueShape.Arrivals : _shape.Room(_lane);

    private bool Raise<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!memory.CompareExchange(Word, ref _seen, ChannelSignal.Raise(_seen)))
        {
            return false;
        }
        return _wakesAll || WaiterFlags.Of(_seen) != Waiters.None ? GoOn(Stage.Wake) : Next();
    }

    private bool Next()
    {
        _stage = Stage.Look;
        return ++_lane == _shape.Lanes;
    }

    private bool GoOn(Stage stage)
    {
        _stage = stage;
        return false;
    }
}
