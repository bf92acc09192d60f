namespace Isthmus;

/// <summary>Unpins a sample: from then on its slot is used again.</summary>
internal struct TopicRelease(TopicLayout layout, int seat, int pin) : IOperation
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
        // Release: all of the sample was read before.
        memory.Store(layout.Pin(seat, pin), TopicPin.None);
        _isStored = true;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
