namespace Isthmus;

/// <summary>
/// Closes a queue. First it says that it is going to: from the fence on, everybody who publishes sees that. Then it is closed: what was
/// published by somebody
/// who had not seen it is there for all who see that it is closed.
/// </summary>
internal struct QueueClose(QueueShape shape) : IOperation
{
    private enum Stage : byte
    {
        Look,
        Begin,
        Fence,
        LookAgain,
        Close,
        Tell,
    }

    private Stage _stage;
    private ulong _seen;
    private QueueTell _tell = new(shape, wakesAll: true);

    /// <summary>Whether nobody had begun to before.</summary>
    public bool IsFirst { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(QueueShape.Arrivals);
                return GoOn(Stage.Begin);
            case Stage.Begin:
                return Begin(ref memory);
            case Stage.Fence:
                memory.SleeperFence();
                return GoOn(Stage.LookAgain);
            case Stage.LookAgain:
                _seen = memory.Load(QueueShape.Arrivals);
                return GoOn(Stage.Close);
            case Stage.Close:
                return memory.CompareExchange(QueueShape.Arrivals, ref _seen, _seen | QueueSignal.Closed) ? GoOn(Stage.Tell) : Progress.Continues;
            default:
                return _tell.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Closing does not wait.");

    private Progress Begin<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!memory.CompareExchange(QueueShape.Arrivals, ref _seen, _seen | QueueSignal.Closing))
        {
            return Progress.Continues;
        }
        IsFirst = (_seen & (QueueSignal.Closing | QueueSignal.Closed)) == 0;
        return GoOn(Stage.Fence);
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
