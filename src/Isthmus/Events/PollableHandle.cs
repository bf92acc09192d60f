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
/// <param name="handle">The descriptor, which is closed with this object.</param>
/// <param name="owner">The type of the user's object, by which it is named once it is disposed.</param>
internal sealed class PollableHandle(SafeHandle handle, Type owner) : IDisposable
{
    private readonly Lock _lock = new();
    private FdWatch? _watch;
    private bool _disposed;
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
        while (!TryOnce(operation, deadline, CancellationToken.None, out result))
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
            // Read before the try, so that an edge between the try and the wait is noticed.
            uint seen = Volatile.Read(ref _watch)?.Edges(operation.Readiness) ?? 0;
            return TryOnce(operation, Deadline.Never, cancellationToken, out TResult result)
                ? new ValueTask<TResult>(result)
                : WaitAndRunAsync<TOperation, TResult>(operation, seen, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<TResult>(cancellationToken);
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
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
        }
        _watch?.Dispose();
        handle.Dispose();
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    private async ValueTask<TResult> WaitAndRunAsync<TOperation, TResult>(
        TOperation operation, uint seen, CancellationToken cancellationToken)
        where TOperation : struct, IPollOperation<TResult>
    {
        FdWatch watch = Watch();
        while (true)
        {
            await watch.WaitAsync(operation.Readiness, seen, cancellationToken).ConfigureAwait(false);
            seen = watch.Edges(operation.Readiness);
            if (TryOnce(operation, Deadline.Never, cancellationToken, out TResult result))
            {
                return result;
            }
        }
    }

    // Interrupted again and again, as by peers that are refused, it still ends with the deadline or the token.
    private bool TryOnce<TOperation, TResult>(
        TOperation operation, Deadline deadline, CancellationToken cancellationToken, out TResult result)
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
                case PollOutcome.Interrupted:
                    cancellationToken.ThrowIfCancellationRequested();
                    if (deadline.HasPassed)
                    {
                        return false;
                    }
                    break;
            }
        }
    }

    private FdWatch Watch()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, owner);
            return _watch ??= new FdWatch(handle, owner);
        }
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
