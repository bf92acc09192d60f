namespace Isthmus;

/// <summary>
/// Takes a lane's next message for the only consumer, who needs no compare-exchange: <c>taken</c> is stored before the message is handed out.
/// </summary>
/// <param name="shape">The queue.</param>
/// <param name="lane">Which lane.</param>
/// <param name="taken">Where it stands.</param>
/// <param name="freed">What is free: at most <paramref name="taken"/>.</param>
internal struct QueueTake(QueueShape shape, int lane, ulong taken, ulong freed) : IOperation
{
    private enum Stage : byte
    {
        Header,
        Taken,
        Freed,
    }

    private readonly QueueShape _shape = shape;
    private readonly int _lane = lane;
    private Stage _stage;
    private ulong _next;

    /// <summary>Whether there was one.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Whether there is something else than records in the lane.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Where it stands.</summary>
    public ulong Position { get; private set; } = taken;

    /// <summary>Its header.</summary>
    public ulong Header { get; private set; }

    /// <summary>What is free now.</summary>
    public ulong Freed { get; private set; } = freed;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Header:
                Header = memory.Load(_shape.At(_lane, Position));
                return Decide();
            case Stage.Taken:
                memory.Store(_shape.Taken(_lane), _next);
                return Go();
            default:
                memory.Store(_shape.Freed(_lane), _next);
                Freed = _next;
                return Next();
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private Progress Decide()
    {
        if (Header == 0)
        {
            return Progress.Done;
        }
        int size = _shape.SizeOf(Position, Header);
        QueueRecordState state = QueueHeader.StateOf(Header);
        IsDamaged = size == 0 || !QueueHeader.IsAt(Header, Position) || state is not (QueueRecordState.Published or QueueRecordState.Filler);
        _next = Position + (uint)size;
        _stage = Stage.Taken;
        return IsDamaged ? Progress.Done : Progress.Continues;
    }

    private Progress Go()
    {
        if (QueueHeader.StateOf(Header) == QueueRecordState.Published)
        {
            IsTaken = true;
            return Progress.Done;
        }
        if (Freed != Position)
        {
            // Somebody has a message from before: who finishes that passes over this, too.
            return Next();
        }
        _stage = Stage.Freed;
        return Progress.Continues;
    }

    private Progress Next()
    {
        Position = _next;
        _stage = Stage.Header;
        return Progress.Continues;
    }
}
