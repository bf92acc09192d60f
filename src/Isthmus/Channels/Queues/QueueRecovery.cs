namespace Isthmus;

/// <summary>
/// What survivors do for a dead participant of a queue: the messages that it had taken are lost, and counted, or offered again; its places
/// become free; and
/// all are told.
/// </summary>
/// <param name="shape">The queue.</param>
/// <param name="slot">Whose.</param>
/// <param name="proven">Whether the slot's life lock is held by who recovers; else the death is proved between reading and changing.</param>
internal struct QueueRecovery(QueueShape shape, int slot, bool proven) : IOperation
{
    private enum Stage : byte
    {
        Begin,
        Lane,
        Consumer,
        ProveConsumer,
        RepairLane,
        FreeConsumer,
        Producer,
        ProveProducer,
        FreeProducer,
        Tell,
    }

    private readonly QueueShape _shape = shape;
    private readonly int _slot = slot;
    private readonly bool _proven = proven;
    private Stage _stage;
    private int _lane;
    private short _place;
    private ulong _owned;
    private QueueLaneRecovery _laneRecovery;
    private QueueRepair _repair;
    private QueueTell _tell = new(shape, wakesAll: true);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Begin:
                return Begin();
            case Stage.Lane:
                return Lane(ref memory);
            case Stage.RepairLane:
                return Repair(ref memory);
            case Stage.Tell:
                return _tell.Step(ref memory) ? Progress.Done : Progress.Continues;
            default:
                return StepPlace(ref memory);
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");

    private Progress Begin()
    {
        _laneRecovery = new QueueLaneRecovery(_shape, 0, _slot, _proven);
        return GoOn(_shape.Claims ? Stage.Lane : Stage.Consumer);
    }

    private Progress Lane<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_laneRecovery.Step(ref memory))
        {
            _laneRecovery = new QueueLaneRecovery(_shape, ++_lane, _slot, _proven);
            return GoOn(_lane == _shape.Lanes ? Stage.Consumer : Stage.Lane);
        }
        return Progress.Continues;
    }

    private Progress StepPlace<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Consumer:
                _owned = memory.Load(_shape.Consumer(_place));
                return SeePlace(_shape.Consumers, Stage.Producer, _proven ? AfterConsumerProof : Stage.ProveConsumer);
            case Stage.ProveConsumer:
                return memory.IsDead(_slot) ? GoOn(AfterConsumerProof) : Progress.Done;
            case Stage.FreeConsumer:
                memory.CompareExchange(_shape.Consumer(_place), ref _owned, QueueOwner.Free(_owned));
                return NextPlace(_shape.Consumers, Stage.Consumer, Stage.Producer);
            case Stage.Producer:
                _owned = memory.Load(_shape.Producer(_place));
                return SeePlace(_shape.Producers, Stage.Tell, _proven ? Stage.FreeProducer : Stage.ProveProducer);
            case Stage.ProveProducer:
                return memory.IsDead(_slot) ? GoOn(Stage.FreeProducer) : Progress.Done;
            default:
                memory.CompareExchange(_shape.Producer(_place), ref _owned, QueueOwner.Free(_owned));
                return NextPlace(_shape.Producers, Stage.Producer, Stage.Tell);
        }
    }

    private Stage AfterConsumerProof
    {
        get
        {
            (_lane, _repair) = (0, new QueueRepair(_shape, 0, _owned));
            return _shape.Claims ? Stage.FreeConsumer : Stage.RepairLane;
        }
    }

    private Progress SeePlace(int places, Stage after, Stage found) =>
        QueueOwner.SlotOf(_owned) == _slot ? GoOn(found) : NextPlace(places, _stage, after);

    private Progress NextPlace(int places, Stage same, Stage after)
    {
        if (++_place < places)
        {
            return GoOn(same);
        }
        _place = 0;
        return GoOn(after);
    }

    private Progress Repair<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_repair.Step(ref memory))
        {
            _repair = new QueueRepair(_shape, ++_lane, _owned);
            return GoOn(_lane == _shape.Lanes ? Stage.FreeConsumer : Stage.RepairLane);
        }
        return Progress.Continues;
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
