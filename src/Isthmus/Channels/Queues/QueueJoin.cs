namespace Isthmus;

/// <summary>Takes a producer's or a consumer's place.</summary>
/// <param name="shape">The queue.</param>
/// <param name="role">Which kind.</param>
/// <param name="slot">The participant.</param>
internal struct QueueJoin(QueueShape shape, QueueRole role, int slot) : IOperation
{
    private enum Stage : byte
    {
        Look,
        Take,
        LookInUse,
        RaiseInUse,
        LookPeers,
        RaisePeers,
    }

    private readonly QueueShape _shape = shape;
    private readonly QueueRole _role = role;
    private readonly int _slot = slot;
    private Stage _stage;
    private short _place;
    private ulong _seen;

    /// <summary>Which place; -1 when all are taken.</summary>
    public int Place { get; private set; } = -1;

    /// <summary>The word of the place.</summary>
    public ulong Owned { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                return _place == Places ? Progress.Done : See(memory.Load(Word));
            case Stage.Take:
                return Take(ref memory);
            case Stage.LookInUse:
                _seen = memory.Load(InUse);
                return GoOn(_seen > (ulong)_place ? Stage.LookPeers : Stage.RaiseInUse);
            case Stage.RaiseInUse:
                return GoOn(memory.CompareExchange(InUse, ref _seen, (ulong)_place + 1) ? Stage.LookPeers : Stage.LookInUse);
            case Stage.LookPeers:
                _seen = memory.Load(QueueShape.Peers);
                return GoOn(Stage.RaisePeers);
            default:
                return memory.CompareExchange(QueueShape.Peers, ref _seen, _seen + 1) ? Joined() : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private readonly int Places => _role == QueueRole.Producer ? _shape.Producers : _shape.Consumers;

    private readonly int InUse => _role == QueueRole.Producer ? QueueShape.ProducersInUse : QueueShape.ConsumersInUse;

    private readonly int Word => _role == QueueRole.Producer ? _shape.Producer(_place) : _shape.Consumer(_place);

    private Progress See(ulong word)
    {
        _seen = word;
        if (!QueueOwner.IsFree(word))
        {
            _place++;
            return Progress.Continues;
        }
        return GoOn(Stage.Take);
    }

    private Progress Take<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        Owned = QueueOwner.Take(_seen, _slot);
        return GoOn(memory.CompareExchange(Word, ref _seen, Owned) ? Stage.LookInUse : Stage.Look);
    }

    private Progress Joined()
    {
        Place = _place;
        return Progress.Done;
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
