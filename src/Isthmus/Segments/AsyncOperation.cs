using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Runs an operation for somebody who awaits it. The object is used again when the result was taken, so that waiting allocates nothing.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The timer is used as often as the object.")]
internal sealed class AsyncOperation<TOperation> : AsyncWaiter, IValueTaskSource<TOperation>, IThreadPoolWorkItem
    where TOperation : struct, IOperation
{
    private Segment? _segment;
    private Deadline _deadline;
    private SegmentMemory _memory;
    private TOperation _operation;
    private ManualResetValueTaskSourceCore<TOperation> _core;
    private Exception? _error;
    private CancellationTokenRegistration _cancellation;
    private Timer? _timer;

    private AsyncOperation()
    {
    }

    public override bool StandsForAll => TOperation.StandsForAll;

    public override bool IsDue => _deadline.HasPassed;

    public ValueTask<TOperation> Task => new(this, _core.Version);

    /// <summary>An object for an operation that has to wait.</summary>
    public static AsyncOperation<TOperation> Begin(Segment segment, in TOperation operation, Progress wait, Deadline deadline)
    {
        AsyncOperation<TOperation> waiter = Idle<AsyncOperation<TOperation>>.Take() ?? new();
        waiter._deadline = deadline;
        waiter._memory = segment.Memory;
        waiter._operation = operation;
        waiter.Wait = wait;
        waiter._segment = segment;
        return waiter;
    }

    public override bool Advance()
    {
        Progress progress;
        do
        {
            progress = _operation.Step(ref _memory);
        }
        while (progress.Kind == ProgressKind.Continues);
        Wait = progress;
        return progress.Kind == ProgressKind.Done;
    }

    public override void Withdraw() => _operation.Withdraw();

    public override void Complete(Exception? error)
    {
        _error = error;
        // Not the continuation: that would need an object to stand in the pool's queue.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_error is null)
        {
            _core.SetResult(_operation);
        }
        else
        {
            _core.SetException(_error);
        }
    }

    /// <summary>Listens to the token and to the clock, once the waiter stands in its queue.</summary>
    public void Listen(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(static state => ((AsyncOperation<TOperation>)state!).GiveUp(whenDue: false), this);
        if (!_deadline.IsNever)
        {
            _timer ??= new Timer(static state => ((AsyncOperation<TOperation>)state!).OnTimer(), this, Timeout.Infinite, Timeout.Infinite);
            Arm(_timer, _deadline);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<TOperation>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<TOperation>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    TOperation IValueTaskSource<TOperation>.GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            // Throws: it was asked too early.
            return _core.GetResult(token);
        }
        // Waits for a callback that runs just now; it waits for nothing but the lock of the waiters.
        _cancellation.Dispose();
        _timer?.Change(Timeout.Infinite, Timeout.Infinite);
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Rest();
        }
    }

    private void Rest()
    {
        _core.Reset();
        (_operation, _memory, _segment, _deadline, _cancellation, _error) = (default, default, null, Deadline.Never, default, null);
        Idle<AsyncOperation<TOperation>>.Keep(this);
    }

    private void GiveUp(bool whenDue) => Volatile.Read(ref _segment)?.Waiters.GiveUp(this, whenDue);

    // The runtime's timers count in milliseconds, and not beyond 49 days.
    private static void Arm(Timer timer, Deadline deadline)
    {
        double milliseconds = Math.Min(Math.Ceiling(deadline.Remaining.TotalMilliseconds), int.MaxValue);
        timer.Change((long)milliseconds, Timeout.Infinite);
    }

    // It may come late, when the object waits for something else: what is asked is always whether that is due.
    private void OnTimer()
    {
        Deadline deadline = _deadline;
        if (deadline.HasPassed)
        {
            GiveUp(whenDue: true);
        }
        else if (!deadline.IsNever)
        {
            Arm(_timer!, deadline);
        }
    }
}
