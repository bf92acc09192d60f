namespace Isthmus;

/// <summary>
/// Writes a value, inside the mutex of its writers: the copy that nobody reads any more, then the version. When the writer dies before that,
/// nothing has happened: the next one writes the same copy.
/// </summary>
internal struct ValuePublish<T>(ValueCopies<T> copies, T value) : IOperation
    where T : unmanaged
{
    private enum Stage
    {
        Look,
        Copy,
        Publish,
        Wake,
    }

    private T _value = value;
    private ulong _seen;
    private Stage _stage;
    private int _index;

    /// <summary>The version that it was published as.</summary>
    public readonly long Version => ValueWord.VersionOf(_seen) + 1;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(ValueWord.Word);
                _stage = Stage.Copy;
                return Progress.Continues;
            case Stage.Copy:
                // Release: whoever reads this word sees that the version before it was published, and that its copy is none any more.
                memory.Store(copies.WordOf(Version, _index), ValueCopies<T>.Get(ref _value, _index));
                _stage = ++_index < ValueCopies<T>.Words ? Stage.Copy : Stage.Publish;
                return Progress.Continues;
            case Stage.Publish:
                return Publish(ref memory);
            default:
                memory.Wake(ValueWord.Word, WaiterFlags.Of(_seen), int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Publishing does not wait.");

    private Progress Publish<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        // When it fails, somebody has begun to wait.
        if (memory.CompareExchange(ValueWord.Word, ref _seen, ValueWord.Next(_seen)))
        {
            _stage = Stage.Wake;
            return WaiterFlags.Of(_seen) == Waiters.None ? Progress.Done : Progress.Continues;
        }
        return Progress.Continues;
    }
}
