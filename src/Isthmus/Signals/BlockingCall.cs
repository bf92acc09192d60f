using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Sync, timed and awaited forms of calls that epoll does not know. The timed form interrupts itself at the deadline; the
/// awaited form blocks a thread of its own, which a cancellation interrupts.
/// </summary>
internal static class BlockingCall
{
    /// <summary>Blocks in the kernel as long as it takes.</summary>
    public static TResult Run<TOperation, TResult>(TOperation operation)
        where TOperation : struct, IBlockingOperation<TResult>, allows ref struct
    {
        TResult result;
        while (operation.Run(noWait: false, out result) != PollOutcome.Done)
        {
        }
        return result;
    }

    /// <summary>False when it still would block at the deadline. A deadline in the past makes one attempt.</summary>
    public static bool TryRun<TOperation, TResult>(TOperation operation, Deadline deadline, out TResult result)
        where TOperation : struct, IBlockingOperation<TResult>, allows ref struct
    {
        if (TryOnce(operation, out result))
        {
            return true;
        }
        if (deadline.IsNever)
        {
            result = Run<TOperation, TResult>(operation);
            return true;
        }
        return !deadline.HasPassed && RunUntil(operation, deadline, out result);
    }

    /// <summary>What cannot be done at once waits on a thread of its own. Cancelled means that it was not done.</summary>
    public static ValueTask<TResult> RunAsync<TOperation, TResult>(TOperation operation, CancellationToken cancellationToken)
        where TOperation : struct, IBlockingOperation<TResult>
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<TResult>(cancellationToken);
        }
        try
        {
            return TryOnce(operation, out TResult result)
                ? new ValueTask<TResult>(result)
                : new ValueTask<TResult>(BlockingWait<TOperation, TResult>.Start(operation, cancellationToken));
        }
#pragma warning disable CA1031 // Not swallowed: an async method gives its errors through its task.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return ValueTask.FromException<TResult>(error);
        }
    }

    private static bool TryOnce<TOperation, TResult>(TOperation operation, out TResult result)
        where TOperation : struct, IBlockingOperation<TResult>, allows ref struct
    {
        PollOutcome outcome;
        do
        {
            outcome = operation.Run(noWait: true, out result);
        }
        while (outcome == PollOutcome.Interrupted);
        return outcome == PollOutcome.Done;
    }

    private static bool RunUntil<TOperation, TResult>(TOperation operation, Deadline deadline, out TResult result)
        where TOperation : struct, IBlockingOperation<TResult>, allows ref struct
    {
        ThreadAlarm alarm = ThreadAlarm.Current;
        alarm.Start(deadline.Remaining);
        try
        {
            do
            {
                if (operation.Run(noWait: false, out result) == PollOutcome.Done)
                {
                    return true;
                }
            }
            while (!deadline.HasPassed);
            return false;
        }
        finally
        {
            alarm.Stop();
        }
    }
}
