using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Runs an operation for somebody who awaits it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The timer is disposed when the result is taken.")]
internal sealed class AsyncOperation<TOperation> : AsyncWaiter, IValueTaskSource<TOperation>
    where TOperation : struct, IOperation
{
    private readonly Segment _segment;
    private readonly Deadline _deadline;
    private SegmentMemory _memory;
    private TOperation _operation;
    private ManualResetValueTaskSourceCore<TOperation> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private Timer? _timer;

    public AsyncOperation(Segment segment, TOperation operation, Progress wait, Deadline deadline)
    {
        _segment = segment;
        _memory = segment.Memory;
        _operation = operation;
        _deadline = deadline;
        Wait = wait;
    }

    public override bool StandsForAll => TOperation.StandsForAll;

    public ValueTask<TOperation> Task => new(this, _core.Version);

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
        if (error is null)
        {
            _core.SetResult(_operation);
        }
        else
        {
            _core.SetException(error);
        }
    }

    /// <summary>Listens to the token and to the clock, once the waiter stands in its queue.</summary>
    public void Listen(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(static state => ((AsyncOperation<TOperation>)state!).GiveUp(), this);
        if (!_deadline.IsNever)
        {
            _timer = new Timer(static state => ((AsyncOperation<TOperation>)state!).OnTimer(), this, Timeout.Infinite, Timeout.Infinite);
            Arm(_timer);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<TOperation>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<TOperation>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    TOperation IValueTaskSource<TOperation>.GetResult(short token)
    {
        // Waits for a callback that runs just now; it waits for nothing but the lock of the waiters.
        _cancellation.Dispose();
        _timer?.Dispose();
        return _core.GetResult(token);
    }

    private void GiveUp() => _segment.Waiters.GiveUp(this);

    // The runtime's timers count in milliseconds, and not beyond 49 days.
    private void Arm(Timer timer)
    {
        double milliseconds = Math.Min(Math.Ceiling(_deadline.Remaining.TotalMilliseconds), int.MaxValue);
        timer.Change((long)milliseconds, Timeout.Infinite);
    }

    private void OnTimer()
    {
        if (_deadline.HasPassed)
        {
            GiveUp();
            return;
        }
        try
        {
            Arm(_timer!);
        }
        catch (ObjectDisposedException)
        {
            // It was completed meanwhile.
        }
    }
}
