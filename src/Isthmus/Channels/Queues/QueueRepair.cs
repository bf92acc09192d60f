namespace Isthmus;

/// <summary>
/// Part of an operation, for a queue whose only consumer is gone: counts what it had taken and not finished as lost, and frees it. Nobody takes
/// that place
/// before; whoever looks at it late changes nothing.
/// </summary>
/// <param name="shape">The queue.</param>
/// <param name="lane">Which lane.</param>
/// <param name="owned">The word of the consumer's place, which names it still.</param>
internal struct QueueRepair(QueueShape shape, int lane, ulong owned)
{
    private enum Stage : byte
    {
        Lost,
        Freed,
        Taken,
        Header,
        Again,
        Owner,
        Count,
        Free,
    }

    private readonly QueueShape _shape = shape;
    private readonly int _lane = lane;
    private readonly ulong _owned = owned;
    private Stage _stage;
    private ulong _lost;
    private ulong _freed;
    private ulong _taken;
    private ulong _header;

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
                return GoOn(Stage.Taken);
            case Stage.Taken:
                _taken = memory.Load(_shape.Taken(_lane));
                _stage = Stage.Header;
                return _freed >= _taken;
            case Stage.Header:
                _header = memory.Load(_shape.At(_lane, _freed));
                return GoOn(Stage.Again);
            case Stage.Again:
                // A header was that of its position if the place was not free after it was read.
                return GoOn(memory.Load(_shape.Freed(_lane)) == _freed ? Stage.Owner : Stage.Lost);
            case Stage.Owner:
                // As long as it is the dead one's, all that was read is what it has left.
                return memory.Load(_shape.Consumer(0)) != _owned || Decide();
            case Stage.Count:
                return Count(ref memory);
            default:
                ulong next = _freed + (uint)Math.Max(_shape.SizeOf(_freed, _header), QueueHeader.Size);
                memory.CompareExchange(_shape.Freed(_lane), ref _freed, next);
                return GoOn(Stage.Lost);
        }
    }

    private bool Decide()
    {
        bool counts = QueueHeader.StateOf(_header) == QueueRecordState.Published && !QueueLosses.Includes(_lost, _freed);
        return GoOn(counts ? Stage.Count : Stage.Free);
    }

    private bool Count<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory =>
        GoOn(memory.CompareExchange(_shape.Lost(_lane), ref _lost, QueueLosses.Count(_lost, _freed)) ? Stage.Free : Stage.Lost);

    private bool GoOn(Stage stage)
    {
        _stage = stage;
        return false;
    }
}
