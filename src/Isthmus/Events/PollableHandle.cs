using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A descriptor with both kinds of waiting: sync in the kernel, async through the event loop. The descriptor stays
/// blocking, so that sync calls are one system call and a process that shares it is not surprised; async calls ask not to
/// block call by call (<c>RWF_NOWAIT</c>, <c>MSG_DONTWAIT</c>). Only where the kernel cannot do that for this file (pipes
/// before 6.4), the first async call sets <c>O_NONBLOCK</c>, and sync calls then poll. Thread-safe.
/// </summary>
internal sealed class PollableHandle(SafeHandle handle) : IDisposable
{
    private FdWatch? _watch;
    private volatile bool _nonBlocking;

    public SafeHandle Handle => handle;

    /// <summary>Runs the operation, blocking in the kernel as long as it takes.</summary>
    public TResult Run<TOperation, TResult>(TOperation operation)
        where TOperation : struct, IPollOperation<TResult>, allows ref struct
    {
        while (true)
        {
            switch (operation.Run(handle, noWait: false, out TResult result))
            {
                case PollOutcome.Done:
                    return result;
                case PollOutcome.WouldBlock: // Somebody made the description non-blocking.
                    Poll.Wait(handle, Events(operation.Readiness), Deadline.Never);
                    break;
            }
        }
    }

    /// <summary>Runs the operation; false when it still would block at the deadline. A deadline in the past makes one attempt.</summary>
    public bool TryRun<TOperation, TResult>(TOperation operation, Deadline deadline, out TResult result)
        where TOperation : struct, IPollOperation<TResult>, allows ref struct
    {
        while (!TryOnce(operation, out result))
        {
            if (deadline.HasPassed || !Poll.Wait(handle, Events(operation.Readiness), deadline))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Runs the operation; what cannot be done at once waits in the event loop. Cancelled means that it was not done.</summary>
    public ValueTask<TResult> RunAsync<TOperation, TResult>(TOperation operation, CancellationToken cancellationToken)
        where TOperation : struct, IPollOperation<TResult>
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<TResult>(cancellationToken);
        }
        try
        {
            return TryOnce(operation, out TResult result)
                ? new ValueTask<TResult>(result)
                : WaitAndRunAsync<TOperation, TResult>(operation, cancellationToken);
        }
#pragma warning disable CA1031 // Not swallowed: an async method gives its errors through its task.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return ValueTask.FromException<TResult>(error);
        }
    }

    /// <summary>Ends the async waits with <see cref="ObjectDisposedException"/>, then closes the descriptor.</summary>
    public void Dispose()
    {
        Volatile.Read(ref _watch)?.Dispose();
        handle.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResult> WaitAndRunAsync<TOperation, TResult>(
        TOperation operation, CancellationToken cancellationToken)
        where TOperation : struct, IPollOperation<TResult>
    {
        FdWatch watch = Watch();
        TResult result;
        do
        {
            await watch.WaitAsync(operation.Readiness, cancellationToken).ConfigureAwait(false);
        }
        while (!TryOnce(operation, out result));
        return result;
    }

    private bool TryOnce<TOperation, TResult>(TOperation operation, out TResult result)
        where TOperation : struct, IPollOperation<TResult>, allows ref struct
    {
        while (true)
        {
            switch (operation.Run(handle, noWait: !_nonBlocking, out result))
            {
                case PollOutcome.Done:
                    return true;
                case PollOutcome.WouldBlock:
                    return false;
                case PollOutcome.NoWaitUnsupported:
                    SetNonBlocking();
                    break;
            }
        }
    }

    private FdWatch Watch()
    {
        FdWatch? watch = Volatile.Read(ref _watch);
        if (watch is not null)
        {
            return watch;
        }
        watch = new FdWatch(handle);
        FdWatch? other = Interlocked.CompareExchange(ref _watch, watch, null);
        if (other is not null)
        {
            watch.Dispose();
            return other;
        }
        return watch;
    }

    private void SetNonBlocking()
    {
        int flags = LibC.Check(LibC.fcntl(handle, LibC.F_GETFL));
        LibC.Check(LibC.fcntl(handle, LibC.F_SETFL, flags | LibC.O_NONBLOCK));
        _nonBlocking = true;
    }

    private static short Events(Readiness readiness) =>
        readiness == Readiness.Readable ? LibC.POLLIN : LibC.POLLOUT;
}
