namespace Isthmus.Tests.Linearizability;

/// <summary>Enters a reader-writer lock to read or to write, and leaves it.</summary>
internal sealed class RecordedReaderWriterLock(string name) : RecordedObject
{
    private readonly SharedReaderWriterLock _lock = SharedReaderWriterLock.OpenOrCreate(name);
    private (string Kind, SharedReaderWriterScope Scope)? _entry;

    public override (string Operation, long Argument, long Result) Act(Random random)
    {
        if (Finish() is { } left)
        {
            return left;
        }
        _entry = random.Next(3) == 0 ? ("write", _lock.EnterWrite()) : ("read", _lock.EnterRead());
        return ($"enter-{_entry.Value.Kind}", 0, 0);
    }

    public override (string Operation, long Argument, long Result)? Finish()
    {
        if (_entry is not { } entry)
        {
            return null;
        }
        _entry = null;
        entry.Scope.Dispose();
        return ($"exit-{entry.Kind}", 0, 0);
    }

    public override void Dispose() => _lock.Dispose();
}
