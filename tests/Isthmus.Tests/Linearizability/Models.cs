namespace Isthmus.Tests.Linearizability;

/// <summary>The meaning of a mutex: the state is who is in it, plus one.</summary>
internal sealed class MutexModel : ISequentialModel
{
    public long Initial => 0;

    public long? After(long state, HistoryEvent operation) => (operation.Operation, operation.Result) switch
    {
        ("enter", 1) => state == 0 ? operation.Process + 1 : null,
        ("enter", 0) => state != 0 ? state : null,
        ("exit", _) => state == operation.Process + 1 ? 0 : null,
        _ => throw new ArgumentException(operation.Operation),
    };
}

/// <summary>The meaning of a semaphore: the state is the count.</summary>
internal sealed class SemaphoreModel(long initial) : ISequentialModel
{
    public long Initial => initial;

    public long? After(long state, HistoryEvent operation) => (operation.Operation, operation.Result) switch
    {
        ("acquire", 1) => state > 0 ? state - 1 : null,
        ("acquire", 0) => state == 0 ? state : null,
        ("release", long previous) => state == previous ? state + 1 : null,
        _ => throw new ArgumentException(operation.Operation),
    };
}

/// <summary>The meaning of a reader-writer lock: the state is the number of readers, or -1 with a writer.</summary>
internal sealed class ReaderWriterModel : ISequentialModel
{
    public long Initial => 0;

    public long? After(long state, HistoryEvent operation) => operation.Operation switch
    {
        "enter-read" => state >= 0 ? state + 1 : null,
        "exit-read" => state > 0 ? state - 1 : null,
        "enter-write" => state == 0 ? -1 : null,
        "exit-write" => state == -1 ? 0 : null,
        _ => throw new ArgumentException(operation.Operation),
    };
}

/// <summary>The meaning of an auto-reset event: the state is whether it is set.</summary>
internal sealed class AutoEventModel : ISequentialModel
{
    public long Initial => 0;

    public long? After(long state, HistoryEvent operation) => (operation.Operation, operation.Result) switch
    {
        ("set", _) => 1,
        ("reset", _) => 0,
        ("wait", 1) => state == 1 ? 0 : null,
        ("wait", 0) => state == 0 ? 0 : null,
        _ => throw new ArgumentException(operation.Operation),
    };
}

/// <summary>The meaning of a value: reading gives what was written last.</summary>
internal sealed class ValueModel : ISequentialModel
{
    public long Initial => 0;

    public long? After(long state, HistoryEvent operation) => operation.Operation switch
    {
        "write" => operation.Argument,
        "read" => operation.Result == state ? state : null,
        _ => throw new ArgumentException(operation.Operation),
    };
}
