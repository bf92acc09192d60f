namespace Isthmus;

/// <summary>Moves the position of one side, and wakes the other where it sleeps: one wake, however often the position was moved meanwhile.</summary>
/// <param name="side">Whose.</param>
/// <param name="position">Where to.</param>
internal struct StreamPublish(StreamSide side, ulong position) : IOperation
{
    private enum Stage
    {
        Store,
        Fence,
        LookForSleepers,
        LookAtWant,
        TakeFlags,
        Wake,
    }

    private Stage _stage;
    private ulong _word;

    /// <summary>The rest, when the position was stored, the fence made and a flag found.</summary>
    public static StreamPublish Stored(StreamSide side, ulong position) => new(side, position) { _stage = Stage.LookForSleepers };

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Store:
                // Release: who sees the position sees the bytes, or, of a reader's, that they were copied.
                memory.Store(side.Own, position);
                return GoOn(Stage.Fence);
            case Stage.Fence:
                memory.PublisherFence();
                return GoOn(Stage.LookForSleepers);
            case Stage.LookForSleepers:
                _word = memory.Load(side.OtherWait);
                return Decide(side.OtherWant == StreamSide.Nothing ? Stage.TakeFlags : Stage.LookAtWant);
            case Stage.LookAtWant:
                // Not enough yet: the flag stays for a later publication.
                return StreamWord.IsAtLeast(position, memory.Load(side.OtherWant)) ? GoOn(Stage.TakeFlags) : Progress.Done;
            case Stage.TakeFlags:
                return memory.CompareExchange(side.OtherWait, ref _word, StreamWaitWord.Raised(_word)) ? GoOn(Stage.Wake) : Decide(Stage.TakeFlags);
            default:
                memory.Wake(side.OtherWait, WaiterFlags.Of(_word), int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Publishing does not wait.");

    private Progress Decide(Stage flagged) => WaiterFlags.Of(_word) == Waiters.None ? Progress.Done : GoOn(flagged);

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
