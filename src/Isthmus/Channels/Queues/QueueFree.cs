namespace Isthmus;

/// <summary>
/// Part of an operation: helps a lane's <c>freed</c> over the records that are finished, and counts those of them that were lost or dropped.
/// Anybody may do it
/// at any time; what is left is left to the next, a producer that finds no room for instance.
/// </summary>
internal struct QueueFree(QueueShape shape, int lane)
{
    private enum Stage : byte
    {
        Lost,
        Freed,
        Header,
        Moved,
        Again,
        Count,
        Taken,
        HelpTaken,
        Free,
    }

    private readonly QueueShape _shape = shape;
    private readonly int _lane = lane;
    private Stage _stage;
    private ulong _lost;
    private ulong _freed;
    private ulong _next;

    /// <summary>The position of the first record that is not free, as seen last.</summary>
    public readonly ulong Freed => _freed;

    /// <summary>Whether a record is none.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Does a step; true when it was the last.</summary>
    public bool Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Lost:
                // Before the position: when the compare-exchange finds it unchanged, nobody has counted what stands there.
                _lost = memory.Load(_shape.Lost(_lane));
                return GoOn(Stage.Freed);
            case Stage.Freed:
                _freed = memory.Load(_shape.Freed(_lane));
                return GoOn(Stage.Header);
            case Stage.Header:
                return Look(memory.Load(_shape.At(_lane, _freed)));
            case Stage.Moved:
                // Who has freed what was here may have looked at ours, which is next, before it was finished.
                return memory.Load(_shape.Freed(_lane)) == _freed || GoOn(Stage.Lost);
            case Stage.Again:
                // A header was that of its position if the place was not free after it was read.
                return GoOn(memory.Load(_shape.Freed(_lane)) == _freed ? Stage.Count : Stage.Lost);
            case Stage.Count:
                return Count(ref memory);
            case Stage.Taken:
                return GoOn(memory.Load(_shape.Taken(_lane)) <= _freed ? Stage.HelpTaken : Stage.Free);
            case Stage.HelpTaken:
                ulong taken = _freed;
                memory.CompareExchange(_shape.Taken(_lane), ref taken, _next);
                return GoOn(Stage.Free);
            default:
                return Free(ref memory);
        }
    }

    private bool Look(ulong header)
    {
        QueueRecordState state = QueueHeader.StateOf(header);
        if (state is QueueRecordState.Empty or QueueRecordState.Published or QueueRecordState.Taken || !QueueHeader.IsAt(header, _freed))
        {
            // Not finished; or of another lap, when it was freed meanwhile.
            return GoOn(Stage.Moved);
        }
        int size = _shape.SizeOf(_freed, header);
        IsDamaged = size == 0 || state > QueueRecordState.Filler;
        _next = _freed + (uint)size;
        bool counts = state is QueueRecordState.Lost or QueueRecordState.Dropped && !QueueLosses.Includes(_lost, _freed);
        _stage = counts ? Stage.Again : Stage.Taken;
        return IsDamaged;
    }

    private bool Count<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong counted = QueueLosses.Count(_lost, _freed);
        bool isOurs = memory.CompareExchange(_shape.Lost(_lane), ref _lost, counted);
        _lost = counted;
        return GoOn(isOurs ? Stage.Taken : Stage.Lost);
    }

    private bool Free<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!memory.CompareExchange(_shape.Freed(_lane), ref _freed, _next))
        {
            return GoOn(Stage.Lost);
        }
        _freed = _next;
        return GoOn(Stage.Header);
    }

    private bool GoOn(Stage stage)
    {
        _stage = stage;
        return false;
    }
}
