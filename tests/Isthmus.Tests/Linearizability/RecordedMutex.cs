namespace Isthmus.Tests.Linearizability;

/// <summary>Enters and leaves a mutex.</summary>
internal sealed class RecordedMutex(string name) : RecordedObject
{
    private readonly SharedMutex _mutex = SharedMutex.OpenOrCreate(name);
    private SharedMutexScope? _scope;

    public override (string Operation, long Argument, long Result) Act(Random random)
    {
        if (Finish() is { } left)
        {
            return left;
        }
        SharedMutexScope scope = default;
        bool entered = random.Next(3) switch
        {
            0 => _mutex.TryEnter(out scope),
            1 => _mutex.TryEnter(TimeSpan.FromMilliseconds(100), out scope),
            _ => Enter(out scope),
        };
        _scope = entered ? scope : null;
        return ("enter", 0, entered ? 1 : 0);
    }

    public override (string Operation, long Argument, long Result)? Finish()
    {
        if (_scope is not { } scope)
        {
            return null;
        }
        _scope = null;
        scope.Dispose();
        return ("exit", 0, 0);
    }

    public override void Dispose() => _mutex.Dispose();

    private bool Enter(out SharedMutexScope scope)
    {
        scope = _mutex.EnterAsync().AsTask().GetAwaiter().GetResult();
        return true;
    }
}
