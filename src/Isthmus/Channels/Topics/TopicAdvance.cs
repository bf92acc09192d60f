namespace Isthmus;

/// <summary>Says that a subscriber wants nothing more below a position, and wakes publishers that wait for that.</summary>
internal struct TopicAdvance(TopicLayout layout, int seat, int ring, ulong position) : IOperation
{
    private TopicNotify _notify = new(TopicLayout.Room);
    private bool _isStored;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_isStored)
        {
            return _notify.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
        memory.Store(layout.Cursor(seat, ring), position);
        _isStored = true;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
