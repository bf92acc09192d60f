namespace Isthmus;

/// <summary>Finishes a message of the only consumer; messages may be finished in any order.</summary>
/// <param name="shape">The queue.</param>
/// <param name="lane">Which lane.</param>
/// <param name="position">Where the message stands.</param>
/// <param name="freed">What is free.</param>
/// <param name="taken">What was taken.</param>
internal struct QueueFinish(QueueShape shape, int lane, ulong position, ulong freed, ulong taken) : IOperation
{
    private enum Stage : byte
    {
        Header,
        Own,
        Done,
        Freed,
        Notify,
    }

    private readonly QueueShape _shape = shape;
    private readonly int _lane = lane;
    private readonly ulong _position = position;
    private readonly ulong _taken = taken;
    private Stage _stage;
    private ulong _own;
    private QueueNotify _notify = new(shape.Room(lane));

    /// <summary>What is free now.</summary>
    public ulong Freed { get; private set; } = freed;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Header:
                return Look(ref memory);
            case Stage.Own:
                _own = memory.Load(_shape.At(_lane, _position));
                return GoOn(Stage.Done);
            case Stage.Done:
                memory.Store(_shape.At(_lane, _position), QueueHeader.With(_own, QueueRecordState.Done, _position));
                return Progress.Done;
            case Stage.Freed:
                memory.Store(_shape.Freed(_lane), Freed);
                return GoOn(Stage.Notify);
            default:
                return _notify.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    // Passes over what is finished, the message itself among them; if it is not reached, it says so itself.
    private Progress Look<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong header = Freed < _taken ? memory.Load(_shape.At(_lane, Freed)) : 0;
        bool isFinished = Freed == _position || QueueHeader.StateOf(header) is QueueRecordState.Done or QueueRecordState.Filler;
        int size = isFinished ? _shape.SizeOf(Freed, header) : 0;
        if (header != 0 && size != 0)
        {
            Freed += (uint)size;
            return Progress.Continues;
        }
        return GoOn(Freed > _position ? Stage.Freed : Stage.Own);
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
