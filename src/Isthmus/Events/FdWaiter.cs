using System.Threading.Tasks.Sources;

namespace Isthmus;

/// <summary>One wait on an <see cref="FdWatch"/>: a reusable source of a <see cref="ValueTask"/>, completed on the thread pool.</summary>
internal sealed class FdWaiter(FdWatch watch, Readiness readiness) : IValueTaskSource, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _cancellation;
    private Exception? _error;

    public Readiness Readiness { get; } = readiness;

    /// <summary>The next in the list of those who wait; guarded by the watch's lock.</summary>
    public FdWaiter? Next { get; set; }

    /// <summary>Completes a list of waiters, with an error where there is one.</summary>
    public static void CompleteAll(FdWaiter? first, Exception? error)
    {
        for (FdWaiter? waiter = first; waiter is not null;)
        {
            // Read before it is completed: then it may wait again at once.
            FdWaiter? next = waiter.Next;
            waiter.Complete(error);
            waiter = next;
        }
    }

    /// <summary>Listens to the token; called once the waiter stands in the list, so that a cancellation finds it there.</summary>
    public ValueTask Start(CancellationToken cancellationToken)
    {
        ValueTask task = new(this, _core.Version);
        _cancellation = cancellationToken.UnsafeRegister(
            static (state, token) => ((FdWaiter)state!).Cancel(token), this);
        return task;
    }

    // On the thread pool: the loop and whoever cancels must not run the continuation themselves.
    void IThreadPoolWorkItem.Execute()
    {
        if (_error is null)
        {
            _core.SetResult(true);
        }
        else
        {
            _core.SetException(_error);
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            // Waits for a callback that runs just now; it is short and waits for nothing but the watch's lock.
            _cancellation.Dispose();
            _cancellation = default;
            _error = null;
            _core.Reset();
            watch.Recycle(this);
        }
    }

    private void Complete(Exception? error)
    {
        _error = error;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (watch.TryRemove(this))
        {
            Complete(new OperationCanceledException(cancellationToken));
        }
    }
}
