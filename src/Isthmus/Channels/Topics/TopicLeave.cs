namespace Isthmus;

/// <summary>Leaves a seat or a ring, and wakes those who may have waited for that.</summary>
/// <param name="word">The seat's or the ring's.</param>
/// <param name="owner">What it was when it was taken: when it is not that any more, it is somebody else's.</param>
/// <param name="signal">Where they wait.</param>
internal struct TopicLeave(int word, ulong owner, int signal) : IOperation
{
    private TopicNotify _notify = new(signal);
    private bool _hasLeft;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_hasLeft)
        {
            return _notify.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
        ulong taken = owner;
        memory.CompareExchange(word, ref taken, TopicOwner.Freed(owner));
        _hasLeft = true;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
