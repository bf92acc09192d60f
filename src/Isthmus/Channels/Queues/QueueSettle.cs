namespace Isthmus;

/// <summary>Finishes a message that was taken by compare-exchange, or gives it back to be offered once more.</summary>
/// <param name="shape">The queue.</param>
/// <param name="lane">Which lane.</param>
/// <param name="position">Where it stands.</param>
/// <param name="header">What its header becomes; nobody else changes it while the one who has taken the message lives.</param>
/// <param name="freedByNext">Whether its place is freed later, by who finishes the next, unless somebody waits for room.</param>
internal struct QueueSettle(QueueShape shape, int lane, ulong position, ulong header, bool freedByNext = false) : IOperation
{
    /// <summary>Of a lane: what has been finished of a piece is freed with its last message at the latest.</summary>
    public const int Pieces = 8;

    private enum Stage : byte
    {
        Header,
        Fence,
        Look,
        Free,
        LookBehind,
        RaiseBehind,
        Notify,
    }

    private readonly QueueShape _shape = shape;
    private readonly int _lane = lane;
    private readonly ulong _position = position;
    private readonly ulong _header = header;
    private readonly bool _returns = QueueHeader.StateOf(header) == QueueRecordState.Published;
    private readonly bool _freedByNext = freedByNext;
    private Stage _stage;
    private ulong _behind;
    private QueueFree _free = new(shape, lane);
    private QueueNotify _notify = QueueHeader.StateOf(header) == QueueRecordState.Published ? QueueNotify.Arrivals(shape) : new(shape.Room(lane));

    /// <summary>The rest of it, after its header was stored, when somebody waits for room.</summary>
    public static QueueSettle Stored(QueueShape shape, int lane) => new(shape, lane, 0, 0) { _stage = Stage.Free };

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Header:
                memory.Store(_shape.At(_lane, _position), _header);
                return GoOn(_returns ? Stage.LookBehind : _freedByNext ? Stage.Fence : Stage.Free);
            case Stage.Fence:
                memory.PublisherFence();
                return GoOn(Stage.Look);
            case Stage.Look:
                return WaiterFlags.Of(memory.Load(_shape.Room(_lane))) == Waiters.None ? Progress.Done : GoOn(Stage.Free);
            case Stage.Free:
                return _free.Step(ref memory) ? GoOn(Stage.Notify) : Progress.Continues;
            case Stage.LookBehind:
                _behind = memory.Load(_shape.Behind(_lane));
                return GoOn(Stage.RaiseBehind);
            case Stage.RaiseBehind:
                bool isRaised = memory.CompareExchange(_shape.Behind(_lane), ref _behind, QueueBehind.Raise(_behind));
                return isRaised ? GoOn(Stage.Notify) : Progress.Continues;
            default:
                return _notify.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
