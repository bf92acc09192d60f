namespace Isthmus;

/// <summary>
/// Part of the recovery of a participant: looks through the messages of a lane that were taken by compare-exchange. Those that the dead one has
/// are lost, or
/// are offered again.
/// </summary>
internal struct QueueLaneRecovery(QueueShape shape, int lane, int slot, bool proven)
{
    private enum Stage : byte
    {
        Freed,
        Taken,
        Header,
        Again,
        Prove,
        Change,
        LookBehind,
        RaiseBehind,
        Free,
    }

    private readonly QueueShape _shape = shape;
    private readonly int _lane = lane;
    private readonly int _slot = slot;
    private readonly bool _proven = proven;
    private Stage _stage;
    private bool _returns;
    private ulong _position;
    private ulong _taken;
    private ulong _header;
    private QueueFree _free = new(shape, lane);

    /// <summary>Does a step; true when it was the last.</summary>
    public bool Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Freed:
                _position = memory.Load(_shape.Freed(_lane));
                return GoOn(Stage.Taken);
            case Stage.Taken:
                // All that the dead one has taken stands at most here: it may have died before it told that it took this one.
                _taken = memory.Load(_shape.Taken(_lane));
                return GoOn(Stage.Header);
            case Stage.Header:
                _header = memory.Load(_shape.At(_lane, _position));
                return GoOn(Stage.Again);
            case Stage.Again:
                return LookAgain(memory.Load(_shape.Freed(_lane)));
            case Stage.Prove:
                return GoOn(memory.IsDead(_slot) ? Stage.Change : Stage.Free);
            case Stage.Change:
                return Change(ref memory);
            default:
                return StepEnd(ref memory);
        }
    }

    // A header was that of its position if the place was not free after it was read.
    private bool LookAgain(ulong freed)
    {
        if (freed > _position)
        {
            _position = freed;
            return GoOn(_position <= _taken ? Stage.Header : AfterLane);
        }
        QueueRecordState state = QueueHeader.StateOf(_header);
        if (state == QueueRecordState.Taken && QueueHeader.SlotOf(_header) == _slot)
        {
            return GoOn(_proven ? Stage.Change : Stage.Prove);
        }
        _returns |= state == QueueRecordState.Published && QueueHeader.IsRedelivered(_header);
        return Next();
    }

    private bool Next()
    {
        int size = _shape.SizeOf(_position, _header);
        _position += (uint)size;
        return GoOn(_header != 0 && size != 0 && _position <= _taken ? Stage.Header : AfterLane);
    }

    private readonly Stage AfterLane => _returns ? Stage.LookBehind : Stage.Free;

    private bool Change<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong changed = _shape.Acknowledges
            ? QueueHeader.Returned(_header, _position)
            : QueueHeader.With(_header, QueueRecordState.Lost, _position);
        if (!memory.CompareExchange(_shape.At(_lane, _position), ref _header, changed))
        {
            return GoOn(Stage.Header);
        }
        _header = changed;
        _returns |= _shape.Acknowledges;
        return Next();
    }

    private bool StepEnd<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.LookBehind:
                _header = memory.Load(_shape.Behind(_lane));
                return GoOn(Stage.RaiseBehind);
            case Stage.RaiseBehind:
                bool isRaised = memory.CompareExchange(_shape.Behind(_lane), ref _header, QueueBehind.Raise(_header));
                return GoOn(isRaised ? Stage.Free : Stage.RaiseBehind);
            default:
                return _free.Step(ref memory);
        }
    }

    private bool GoOn(Stage stage)
    {
        _stage = stage;
        return false;
    }
}
