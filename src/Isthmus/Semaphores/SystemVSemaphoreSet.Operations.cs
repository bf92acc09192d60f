using Isthmus.Native;

namespace Isthmus;

// Acquiring, releasing and waiting: each verb sync, timed, tried and awaited.
public sealed partial class SystemVSemaphoreSet
{
    /// <summary>
    /// Does all operations together, in one moment; waits in the kernel while one of them cannot be done. Each sees what those before it
    /// have done: waiting for zero and then releasing takes a lock whose value is 0 while free.
    /// </summary>
    /// <param name="operations">At least one.</param>
    /// <exception cref="ArgumentException">There are no operations.</exception>
    /// <exception cref="SemaphoreFullException"><c>ERANGE</c>: one would have more than <see cref="ValueMax"/> units. Nothing was changed.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission.</exception>
    /// <exception cref="PosixException">
    /// <c>EIDRM</c>: the set was removed while the call waited; <c>EINVAL</c>: there is no such set; <c>EFBIG</c>: it has no semaphore with
    /// that index; <c>E2BIG</c>: too many operations, the message tells the limit.
    /// </exception>
    public void Operate(params ReadOnlySpan<SemaphoreOperation> operations) =>
        BlockingCall.Run<SystemVOperate, bool>(new SystemVOperate(Id, Checked(operations), tries: false));

    /// <summary>As <see cref="Operate"/>, but false at once, and nothing done, when one of them cannot be done.</summary>
    /// <inheritdoc cref="Operate"/>
    public bool TryOperate(params ReadOnlySpan<SemaphoreOperation> operations) =>
        SystemVSemaphoreCall.Operate(Id, Checked(operations), noWait: true, wasThere: false) == PollOutcome.Done;

    /// <summary>As <see cref="Operate"/>, but false, and nothing done, when they could not be done within <paramref name="timeout"/>.</summary>
    /// <param name="operations">At least one.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative and not infinite.</exception>
    /// <inheritdoc cref="Operate"/>
    public bool TryOperate(ReadOnlySpan<SemaphoreOperation> operations, TimeSpan timeout)
    {
        Deadline deadline = Deadline.After(timeout);
        if (TryOperate(operations))
        {
            return true;
        }
        if (!deadline.IsNever)
        {
            return SystemVSemaphoreCall.OperateUntil(Id, operations, deadline);
        }
        return BlockingCall.Run<SystemVOperate, bool>(new SystemVOperate(Id, operations, tries: true));
    }

    /// <summary>
    /// As <see cref="Operate"/>, without blocking the caller. What must be waited for takes a thread of its own meanwhile. Cancelled means
    /// that nothing was done.
    /// </summary>
    /// <inheritdoc cref="Operate"/>
    public ValueTask OperateAsync(ReadOnlyMemory<SemaphoreOperation> operations, CancellationToken cancellationToken = default)
    {
        Checked(operations.Span);
        return BlockingCall.RunAsync<SystemVOperateAsync, bool>(new SystemVOperateAsync(Id, operations), cancellationToken).WithoutResult();
    }

    /// <summary>Takes units of one semaphore; waits in the kernel while there are not as many.</summary>
    /// <inheritdoc cref="SemaphoreOperation.Acquire"/>
    /// <inheritdoc cref="Operate"/>
    public void Acquire(int index, int units = 1, SemaphoreUndo undo = SemaphoreUndo.None) =>
        Operate([SemaphoreOperation.Acquire(index, units, undo)]);

    /// <summary>As <see cref="Acquire"/>, but false at once when there are not as many.</summary>
    /// <inheritdoc cref="Acquire"/>
    public bool TryAcquire(int index, int units = 1, SemaphoreUndo undo = SemaphoreUndo.None) =>
        TryOperate([SemaphoreOperation.Acquire(index, units, undo)]);

    /// <summary>As <see cref="Acquire"/>, but false when there were not as many within <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="Acquire"/>
    public bool TryAcquire(TimeSpan timeout, int index, int units = 1, SemaphoreUndo undo = SemaphoreUndo.None) =>
        TryOperate([SemaphoreOperation.Acquire(index, units, undo)], timeout);

    /// <summary>As <see cref="Acquire"/>, without blocking the caller. Cancelled means that nothing was taken.</summary>
    /// <inheritdoc cref="Acquire"/>
    public ValueTask AcquireAsync(
        int index, int units = 1, SemaphoreUndo undo = SemaphoreUndo.None, CancellationToken cancellationToken = default) =>
        DoAsync(SemaphoreOperation.Acquire(index, units, undo), cancellationToken);

    /// <summary>Gives units to one semaphore. Never waits. Any process may, whoever took them.</summary>
    /// <inheritdoc cref="SemaphoreOperation.Release"/>
    /// <inheritdoc cref="Operate"/>
    public void Release(int index, int units = 1, SemaphoreUndo undo = SemaphoreUndo.None) =>
        Operate([SemaphoreOperation.Release(index, units, undo)]);

    /// <summary>Waits in the kernel until the value of one semaphore is 0. Changes nothing.</summary>
    /// <inheritdoc cref="SemaphoreOperation.WaitForZero"/>
    /// <inheritdoc cref="Operate"/>
    public void WaitForZero(int index) => Operate([SemaphoreOperation.WaitForZero(index)]);

    /// <summary>As <see cref="WaitForZero"/>, but false when it was not 0 within <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="WaitForZero"/>
    public bool TryWaitForZero(TimeSpan timeout, int index) => TryOperate([SemaphoreOperation.WaitForZero(index)], timeout);

    /// <summary>As <see cref="WaitForZero"/>, without blocking the caller.</summary>
    /// <inheritdoc cref="WaitForZero"/>
    public ValueTask WaitForZeroAsync(int index, CancellationToken cancellationToken = default) =>
        DoAsync(SemaphoreOperation.WaitForZero(index), cancellationToken);

    private static ReadOnlySpan<SemaphoreOperation> Checked(ReadOnlySpan<SemaphoreOperation> operations) =>
        operations.Length > 0 ? operations : throw new ArgumentException("There must be at least one operation.", nameof(operations));

    // What can be done at once needs no memory that outlives the call.
    private ValueTask DoAsync(SemaphoreOperation operation, CancellationToken cancellationToken)
    {
        try
        {
            if (!cancellationToken.IsCancellationRequested && TryOperate([operation]))
            {
                return ValueTask.CompletedTask;
            }
        }
#pragma warning disable CA1031 // Not swallowed: an async method gives its errors through its task.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return ValueTask.FromException(error);
        }
        return OperateAsync(new[] { operation }, cancellationToken);
    }
}
