namespace Isthmus.Tests.Explorer;

/// <summary>
/// <see cref="ValueRead{T}"/> with a bug: it does not look whether another version was published meanwhile.
/// </summary>
internal struct FaultyValueRead(ValueCopies<Pair> copies) : IOperation
{
    private Pair _value;
    private int _index = -1;

    public readonly Pair Value => _value;

    public long Version { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_index < 0)
        {
            Version = ValueWord.VersionOf(memory.Load(ValueWord.Word));
        }
        else
        {
            ValueCopies<Pair>.Set(ref _value, _index, memory.Load(copies.WordOf(Version, _index)));
        }
        return ++_index == ValueCopies<Pair>.Words ? Progress.Done : Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Reading does not wait.");
}
