namespace Isthmus;

/// <summary>Says that a subscriber stands where it begins, and wakes those who wait for that: what they publish then comes to it.</summary>
/// <param name="layout">Of the topic.</param>
/// <param name="seat">Of the subscriber.</param>
internal struct TopicBegin(TopicLayout layout, int seat) : IOperation
{
    private TopicNotify _notify = new(TopicLayout.Room);
    private bool _hasBegun;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_hasBegun)
        {
            return _notify.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
        memory.Store(layout.Lost(seat), 0);
        _hasBegun = true;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
