using System.Threading.Tasks.Sources;

namespace Isthmus;

/// <summary>An async method that waits, and the task that it has returned. It is used again by the next call when the result was taken.</summary>
internal abstract class PooledMethod<TResult> : IValueTaskSource<TResult>, IValueTaskSource
{
    private static readonly ContextCallback s_run = static method => ((PooledMethod<TResult>)method!).Run();

    private ManualResetValueTaskSourceCore<TResult> _core;
    private ExecutionContext? _context;

    protected PooledMethod() => GoOn = MoveNext;

    /// <summary>Runs the method to its next wait, or to its end.</summary>
    public Action GoOn { get; }

    /// <summary>Of the task.</summary>
    public short Version => _core.Version;

    /// <summary>The method is going to wait; what flows with the caller is there when it goes on.</summary>
    public void Capture() => _context = ExecutionContext.Capture();

    public void SetResult(TResult result) => _core.SetResult(result);

    public void SetException(Exception error) => _core.SetException(error);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    public TResult GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            // Throws: it was asked too early.
            return _core.GetResult(token);
        }
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            _context = null;
            Rest();
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    protected abstract void Run();

    /// <summary>Waits for the next call.</summary>
    protected abstract void Rest();

    private void MoveNext()
    {
        if (_context is { } context)
        {
            ExecutionContext.Run(context, s_run, this);
        }
        else
        {
            Run();
        }
    }
}
