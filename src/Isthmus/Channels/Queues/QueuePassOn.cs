namespace Isthmus;

/// <summary>
/// Passes a wake on, by a consumer that has left its flag and does not wait any more: it may have been chosen by a wake that was for all. If others sleep,
/// and there is something for them, one of them is woken, who does the same.
/// </summary>
/// <param name="shape">The queue.</param>
internal struct QueuePassOn(QueueShape shape) : IOperation
{
    private enum Stage : byte
    {
        Look,
        Scan,
        Notify,
    }

    private Stage _stage;
    private QueueArrival _scan = new(shape, tellsAlone: false, Waiters.None);
    private QueueNotify _notify = QueueNotify.Arrivals(shape);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                // As long as anybody sleeps, the flag stands.
                return (memory.Load(QueueShape.Arrivals) & (ulong)Waiters.Sleepers) != 0 ? GoOn(Stage.Scan) : Progress.Done;
            case Stage.Scan:
                return Scan(ref memory);
            default:
                return _notify.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private Progress Scan<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_scan.Step(ref memory).Kind != ProgressKind.Done)
        {
            return Progress.Continues;
        }
        return _scan.HasArrived ? GoOn(Stage.Notify) : Progress.Done;
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
