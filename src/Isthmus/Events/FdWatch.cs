using System.Diagnostics;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// One descriptor's place in the event loop. The protocol of its user: try the call without blocking; when it
/// would block, <see cref="WaitAsync"/>, then try again. An edge that came between the two is remembered, so none is lost;
/// a remembered edge that is already stale costs one more try. Any number may wait; all are woken and try again.
/// Thread-safe.
/// </summary>
internal sealed class FdWatch : IDisposable
{
    private readonly SafeHandle _handle;
    private readonly EpollThread.Entry _entry;
    private readonly Lock _lock = new();
    private Direction _readable;
    private Direction _writable;
    private uint _watched;
    private bool _alwaysReady;
    private bool _disposed;

    public FdWatch(SafeHandle handle)
    {
        _handle = handle;
        _entry = EpollThread.Instance.Add(this);
    }

    ~FdWatch() => EpollThread.Instance.Remove(_entry);

    /// <summary>Completes when the descriptor may be ready; spurious completions are possible.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before.</exception>
    /// <exception cref="ObjectDisposedException">The watch was disposed, before or meanwhile.</exception>
    public ValueTask WaitAsync(Readiness readiness, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }
        FdWaiter waiter;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Watch(readiness == Readiness.Readable ? LibC.EPOLLIN | LibC.EPOLLRDHUP : LibC.EPOLLOUT);
            ref Direction direction = ref Side(readiness);
            if (direction.Signaled || _alwaysReady)
            {
                direction.Signaled = false;
                return ValueTask.CompletedTask;
            }
            waiter = direction.Enqueue(this, readiness);
            _entry.Waiting = this;
        }
        return waiter.Start(cancellationToken);
    }

    /// <summary>Called by the loop: wakes those who wait, or remembers that nobody did.</summary>
    public void OnEvents(uint events)
    {
        const uint Broken = LibC.EPOLLERR | LibC.EPOLLHUP;
        FdWaiter? readers = null, writers = null;
        lock (_lock)
        {
            if ((events & (LibC.EPOLLIN | LibC.EPOLLRDHUP | LibC.EPOLLPRI | Broken)) != 0)
            {
                readers = _readable.SignalAll();
            }
            if ((events & (LibC.EPOLLOUT | Broken)) != 0)
            {
                writers = _writable.SignalAll();
            }
            ForgetWhenIdle();
        }
        FdWaiter.CompleteAll(readers, null);
        FdWaiter.CompleteAll(writers, null);
    }

    /// <summary>Ends the watch and every wait on it. The handle is still open, and remains so.</summary>
    public void Dispose()
    {
        FdWaiter? readers, writers;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
            readers = _readable.TakeAll();
            writers = _writable.TakeAll();
            _entry.Waiting = null;
            if (_watched != 0 && !_handle.IsClosed)
            {
                EpollThread.Instance.Unwatch(_handle);
            }
        }
        EpollThread.Instance.Remove(_entry);
        GC.SuppressFinalize(this);
        if (readers is not null || writers is not null)
        {
            ObjectDisposedException closed = new(nameof(FdWatch), "The object was disposed while somebody waited on it.");
            FdWaiter.CompleteAll(readers, closed);
            FdWaiter.CompleteAll(writers, closed);
        }
    }

    /// <summary>Takes a waiter out that was cancelled; false when an event had already chosen it.</summary>
    public bool TryRemove(FdWaiter waiter)
    {
        lock (_lock)
        {
            bool removed = Side(waiter.Readiness).Remove(waiter);
            ForgetWhenIdle();
            return removed;
        }
    }

    /// <summary>Keeps a finished waiter for the next wait, so that a steady state allocates nothing.</summary>
    public void Recycle(FdWaiter waiter)
    {
        lock (_lock)
        {
            Side(waiter.Readiness).Spare = waiter;
        }
    }

    private ref Direction Side(Readiness readiness)
    {
        if (readiness == Readiness.Readable)
        {
            return ref _readable;
        }
        return ref _writable;
    }

    // Only what is waited for is watched: a socket would otherwise wake the loop each time its peer reads.
    private void Watch(uint events)
    {
        Debug.Assert(_lock.IsHeldByCurrentThread, "The mask of watched events is guarded by the lock.");
        if ((_watched & events) == events || _alwaysReady)
        {
            return;
        }
        // A regular file cannot be watched (EPERM) and, as poll(2) says, is always ready.
        _alwaysReady = !EpollThread.Instance.TryWatch(_entry, _handle, _watched | events, first: _watched == 0);
        _watched = _alwaysReady ? 0 : _watched | events;
    }

    private void ForgetWhenIdle()
    {
        if (_readable.IsEmpty && _writable.IsEmpty)
        {
            _entry.Waiting = null;
        }
    }

    /// <summary>Those who wait for one kind of readiness, first come first.</summary>
    private struct Direction
    {
        private FdWaiter? _first;
        private FdWaiter? _last;

        /// <summary>An edge came when nobody waited.</summary>
        public bool Signaled;

        public FdWaiter? Spare;

        public readonly bool IsEmpty => _first is null;

        public FdWaiter Enqueue(FdWatch watch, Readiness readiness)
        {
            FdWaiter waiter = Spare ?? new FdWaiter(watch, readiness);
            Spare = null;
            waiter.Next = null;
            if (_last is null)
            {
                _first = waiter;
            }
            else
            {
                _last.Next = waiter;
            }
            _last = waiter;
            return waiter;
        }

        public FdWaiter? SignalAll()
        {
            Signaled = IsEmpty;
            return TakeAll();
        }

        public FdWaiter? TakeAll()
        {
            FdWaiter? all = _first;
            _first = _last = null;
            return all;
        }

        public bool Remove(FdWaiter waiter)
        {
            FdWaiter? previous = null;
            for (FdWaiter? each = _first; each is not null; previous = each, each = each.Next)
            {
                if (each == waiter)
                {
                    Unlink(previous, waiter);
                    return true;
                }
            }
            return false;
        }

        private void Unlink(FdWaiter? previous, FdWaiter waiter)
        {
            if (previous is null)
            {
                _first = waiter.Next;
            }
            else
            {
                previous.Next = waiter.Next;
            }
            if (_last == waiter)
            {
                _last = previous;
            }
        }
    }
}
