namespace Isthmus;

/// <summary>
/// Passes a wake on, by a consumer that has left its flag and does not wait any more: whoever publishes takes the flag of all and wakes one. So the
/// flag is left again for those who may still sleep, and if there is something for them already, one of them is woken, who does the same.
/// </summary>
/// <param name="shape">The queue.</param>
internal struct QueuePassOn(QueueShape shape) : IOperation
{
    private enum Stage : byte
    {
        Consumers,
        Look,
        Mark,
        Fence,
        Scan,
        Notify,
    }

    private Stage _stage;
    private ulong _seen;
    private QueueArrival _scan = new(shape, tellsAlone: false, Waiters.None);
    private QueueNotify _notify = new(QueueShape.Arrivals);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Consumers:
                // Whoever sleeps, and was not woken instead of us, came before the wake.
                return memory.Load(QueueShape.ConsumersInUse) > 1 ? GoOn(Stage.Look) : Progress.Done;
            case Stage.Look:
                _seen = memory.Load(QueueShape.Arrivals);
                return Decide();
            case Stage.Mark:
                return memory.CompareExchange(QueueShape.Arrivals, ref _seen, _seen | (ulong)Waiters.Sleepers) ? GoOn(Stage.Fence) : Decide();
            case Stage.Fence:
                memory.SleeperFence();
                return GoOn(Stage.Scan);
            case Stage.Scan:
                return Scan(ref memory);
            default:
                return _notify.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    // A flag that stands there is our own, from before a fence, or that of somebody who looks after his own.
    private Progress Decide() => GoOn((_seen & (ulong)Waiters.Sleepers) != 0 ? Stage.Scan : Stage.Mark);

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
