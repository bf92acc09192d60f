namespace Isthmus.Tests.Explorer;

/// <summary>A single effect: a part of a program that is no operation of the primitive.</summary>
internal struct Access(AccessKind kind, int word, ulong value) : IOperation
{
    /// <summary>What was read.</summary>
    public ulong Found { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong expected = 0;
        switch (kind)
        {
            case AccessKind.Load:
                Found = memory.Load(word);
                break;
            case AccessKind.Store:
                memory.Store(word, value);
                break;
            case AccessKind.SleeperFence:
                memory.SleeperFence();
                break;
            case AccessKind.Slots:
                Found = (ulong)memory.Slots;
                break;
            default:
                memory.CompareExchange(word, ref expected, value);
                break;
        }
        return Progress.Done;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
