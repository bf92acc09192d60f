namespace Isthmus;

/// <summary>One call that blocks a <see cref="BlockingThread"/> while somebody awaits it.</summary>
internal sealed class BlockingWait<TOperation, TResult> : IBlockingWork
    where TOperation : struct, IBlockingOperation<TResult>
{
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TOperation _operation;
    private readonly CancellationToken _cancellationToken;

    private BlockingWait(TOperation operation, CancellationToken cancellationToken)
    {
        _operation = operation;
        _cancellationToken = cancellationToken;
    }

    public static Task<TResult> Start(TOperation operation, CancellationToken cancellationToken)
    {
        BlockingWait<TOperation, TResult> wait = new(operation, cancellationToken);
        BlockingThread.Take().Run(wait);
        return wait._completion.Task;
    }

    void IBlockingWork.Run(ThreadAlarm alarm)
    {
        try
        {
            using CancellationTokenRegistration cancellation = _cancellationToken.UnsafeRegister(
                static state => ((ThreadAlarm)state!).Start(TimeSpan.Zero), alarm);
            RunUntilCancelled();
        }
#pragma warning disable CA1031 // Not swallowed: the one who awaits gets it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _completion.TrySetException(error);
        }
        finally
        {
            // Nobody starts it any more: disposing the registration has waited for the callback.
            alarm.Stop();
        }
    }

    private void RunUntilCancelled()
    {
        while (!_cancellationToken.IsCancellationRequested)
        {
            if (_operation.Run(noWait: false, out TResult result) == PollOutcome.Done)
            {
                _completion.TrySetResult(result);
                return;
            }
        }
        _completion.TrySetCanceled(_cancellationToken);
    }
}
