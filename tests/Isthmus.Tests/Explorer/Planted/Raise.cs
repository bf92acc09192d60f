namespace Isthmus.Tests.Explorer;

/// <summary>Adds one to a word, and wakes all who wait for it.</summary>
internal struct Raise(int word) : IOperation
{
    private ulong _seen;
    private bool _isRaised;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_isRaised)
        {
            memory.Wake(word, Waiters.All, int.MaxValue);
            return Progress.Done;
        }
        _isRaised = memory.CompareExchange(word, ref _seen, (_seen & ~(ulong)Waiters.All) + 1);
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
