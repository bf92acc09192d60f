namespace Isthmus.Tests.Explorer;

/// <summary>As the channels publish: a store, <c>Segment.FenceAsPublisher</c>, the look for those who sleep.</summary>
internal struct FencedPublish(ulong position, FenceFault fault) : IOperation
{
    private enum Stage
    {
        Store,
        LookAtFences,
        Fence,
        LookForSleepers,
        TakeFlags,
        Wake,
    }

    private Stage _stage;
    private ulong _word;
    private ulong _scratch;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Store:
                memory.Store(FenceSubject.Position, position);
                return GoOn(Stage.LookAtFences);
            case Stage.LookAtFences:
                bool fences = FenceWord.IsAnyAsked(memory.Load(FenceSubject.Fences)) && fault != FenceFault.PublisherNeverFences;
                return GoOn(fences ? Stage.Fence : Stage.LookForSleepers);
            case Stage.Fence:
                return memory.CompareExchange(FenceSubject.Scratch, ref _scratch, _scratch + 1) ? GoOn(Stage.LookForSleepers) : Progress.Continues;
            case Stage.LookForSleepers:
                _word = memory.Load(FenceSubject.Flag);
                return Decide();
            case Stage.TakeFlags:
                return memory.CompareExchange(FenceSubject.Flag, ref _word, StreamWaitWord.Raised(_word)) ? GoOn(Stage.Wake) : Decide();
            default:
                memory.Wake(FenceSubject.Flag, WaiterFlags.Of(_word), int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Publishing does not wait.");

    private Progress Decide() => WaiterFlags.Of(_word) == Waiters.None ? Progress.Done : GoOn(Stage.TakeFlags);

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
