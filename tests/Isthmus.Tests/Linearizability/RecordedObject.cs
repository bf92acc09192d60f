namespace Isthmus.Tests.Linearizability;

/// <summary>A shared object whose use by several processes is recorded. One attachment of one process, used by one thread.</summary>
internal abstract class RecordedObject : IDisposable
{
    /// <summary>Those that can be recorded, by name.</summary>
    public static IReadOnlyDictionary<string, Func<string, RecordedObject>> Openers { get; } = new Dictionary<string, Func<string, RecordedObject>>
    {
        ["mutex"] = static name => new RecordedMutex(name),
        ["semaphore"] = static name => new RecordedSemaphore(name, ownerTracked: false),
        ["semaphore-tracked"] = static name => new RecordedSemaphore(name, ownerTracked: true),
        ["rwlock"] = static name => new RecordedReaderWriterLock(name),
        ["event"] = static name => new RecordedEvent(name),
        ["value"] = static name => new RecordedValue(name),
    };

    /// <summary>The meaning of what is recorded.</summary>
    public static ISequentialModel ModelOf(string kind) => kind switch
    {
        "mutex" => new MutexModel(),
        "semaphore" or "semaphore-tracked" => new SemaphoreModel(RecordedSemaphore.Permits),
        "rwlock" => new ReaderWriterModel(),
        "event" => new AutoEventModel(),
        "value" => new ValueModel(),
        _ => throw new ArgumentException(kind),
    };

    /// <summary>Does something that does not wait for ever: its name, argument and result.</summary>
    public abstract (string Operation, long Argument, long Result) Act(Random random);

    /// <summary>Does what is left to be done so that others need not wait for this one; null when nothing is.</summary>
    public virtual (string Operation, long Argument, long Result)? Finish() => null;

    public abstract void Dispose();
}
