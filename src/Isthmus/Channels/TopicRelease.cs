namespace Isthmus;

/// <summary>Unpins a sample: from the next round on its slot is used again.</summary>
internal readonly struct TopicRelease(TopicLayout layout, int seat, int pin) : IOperation
{
    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        // Release: all of the sample was read before.
        memory.Store(layout.Pin(seat, pin), TopicPin.None);
        return Progress.Done;
    }

    public void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
