namespace Isthmus;

/// <summary>
/// Reads a value: copies what is published, and begins anew when another version was published meanwhile. Only then the copy may be written: so
/// what was copied is whole. It writes nothing and waits for nobody.
/// </summary>
internal struct ValueRead<T>(ValueCopies<T> copies) : IOperation
    where T : unmanaged
{
    private enum Stage
    {
        Look,
        Copy,
        Check,
    }

    private T _value;
    private long _version;
    private Stage _stage;
    private int _index;

    /// <summary>What was read.</summary>
    public readonly T Value => _value;

    /// <summary>Its version.</summary>
    public readonly long Version => _version;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_stage == Stage.Copy)
        {
            ValueCopies<T>.Set(ref _value, _index, memory.Load(copies.WordOf(_version, _index)));
            _stage = ++_index < ValueCopies<T>.Words ? Stage.Copy : Stage.Check;
            return Progress.Continues;
        }
        // Acquire: nothing of the copy was read after this.
        long version = ValueWord.VersionOf(memory.Load(ValueWord.Word));
        if (_stage == Stage.Check && version == _version)
        {
            return Progress.Done;
        }
        _version = version;
        _index = 0;
        _stage = Stage.Copy;
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Reading does not wait.");
}
