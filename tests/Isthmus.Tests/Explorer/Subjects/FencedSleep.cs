namespace Isthmus.Tests.Explorer;

/// <summary>As the channels sleep: the flag, <c>Segment.FenceAsSleeper</c>, the look.</summary>
internal struct FencedSleep(ulong seen, Waiters waiters, FenceFault fault) : IOperation
{
    private enum Stage
    {
        Look,
        LookTooEarly,
        LookAtFlags,
        Mark,
        Fence,
        LookAgain,
    }

    private Stage _stage;
    private ulong _word;
    private FenceOfSleeper _fence;

    /// <summary>What was found.</summary>
    public ulong Position { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _fence = new FenceOfSleeper(fault);
                return Look(ref memory, fault == FenceFault.SleeperLooksAtFencesFirst ? Stage.LookTooEarly : Stage.LookAtFlags);
            case Stage.LookTooEarly:
                _fence = FenceOfSleeper.Seen(memory.Load(FenceSubject.Fences), fault);
                return GoOn(Stage.LookAtFlags);
            case Stage.LookAtFlags:
                _word = memory.Load(FenceSubject.Flag);
                return GoOn(Stage.Mark);
            case Stage.Mark:
                return memory.CompareExchange(FenceSubject.Flag, ref _word, _word | (ulong)waiters) ? GoOn(Stage.Fence) : Progress.Continues;
            case Stage.Fence:
                return _fence.Step(ref memory).Kind == ProgressKind.Done ? GoOn(Stage.LookAgain) : Progress.Continues;
            default:
                return LookAgain(ref memory);
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("It is patient.");

    private Progress Look<TMemory>(ref TMemory memory, Stage otherwise)
        where TMemory : struct, ISharedMemory
    {
        Position = memory.Load(FenceSubject.Position);
        return Position != seen ? Progress.Done : GoOn(otherwise);
    }

    private Progress LookAgain<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        Position = memory.Load(FenceSubject.Position);
        if (Position != seen)
        {
            return Progress.Done;
        }
        _stage = Stage.Look;
        return Progress.WaitsFor(FenceSubject.Flag, _word | (ulong)waiters);
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
