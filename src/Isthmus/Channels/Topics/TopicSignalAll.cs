namespace Isthmus;

/// <summary>Wakes all who wait on a signal, if there are any.</summary>
internal struct TopicSignalAll(int word) : IOperation
{
    private TopicNotify _notify = new(word);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory =>
        _notify.Step(ref memory) ? Progress.Done : Progress.Continues;

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
