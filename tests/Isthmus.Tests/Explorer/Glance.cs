namespace Isthmus.Tests.Explorer;

/// <summary>What a program does with the data that a lock lets it read.</summary>
internal struct Glance(int word) : IOperation
{
    /// <summary>The data.</summary>
    public ulong Found { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        Found = memory.Load(word);
        return Progress.Done;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
