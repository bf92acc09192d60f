using System.Threading.Tasks.Sources;

namespace Isthmus.Cli.Bench;

/// <summary>One awaitable handover, again and again: one coroutine waits, another hands over. Never both at once by the order of the ring.</summary>
internal sealed class Baton : IValueTaskSource<int>
{
    // Asynchronously: the next coroutine runs on its own, not inside the call that hands over.
    private ManualResetValueTaskSourceCore<int> _core = new() { RunContinuationsAsynchronously = true };

    public ValueTask<int> WaitAsync() => new(this, _core.Version);

    public void Hand(int value) => _core.SetResult(value);

    int IValueTaskSource<int>.GetResult(short token)
    {
        int value = _core.GetResult(token);
        _core.Reset();
        return value;
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
