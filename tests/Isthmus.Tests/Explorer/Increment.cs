namespace Isthmus.Tests.Explorer;

/// <summary>What a program does with the data that a lock protects: reads it and writes it.</summary>
internal struct Increment(int word) : IOperation
{
    private bool _isLoaded;

    /// <summary>The data before.</summary>
    public ulong Found { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!_isLoaded)
        {
            Found = memory.Load(word);
            _isLoaded = true;
            return Progress.Continues;
        }
        memory.Store(word, Found + 1);
        return Progress.Done;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
