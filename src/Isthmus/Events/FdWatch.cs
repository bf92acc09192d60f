using System.Diagnostics;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// One descriptor's place in the event loop. The protocol of its user: read <see cref="Edges"/>, try the call without
/// blocking; when it would block, <see cref="WaitAsync"/> with the number that was read, then all again. An edge that came
/// after that reading ends the wait at once, so none is lost, however many wait. All who wait are woken and try again.
/// Thread-safe.
/// </summary>
internal sealed class FdWatch : IEventSink, IDisposable
{
    private readonly SafeHandle _handle;
    private readonly Type _owner;
    private readonly EpollThread.Entry? _entry;
    private readonly Lock _lock = new();
    private Direction _readable;
    private Direction _writable;
    private uint _watched;
    private bool _alwaysReady;
    private bool _disposed;

    /// <param name="handle">The descriptor.</param>
    /// <param name="owner">The type of the user's object, for whom a disposed one is named.</param>
    public FdWatch(SafeHandle handle, Type owner)
    {
        _handle = handle;
        _owner = owner;
        _entry = EpollThread.Instance.Add(this);
    }

    // Runs for an object too whose constructor threw: then nothing was added.
    ~FdWatch()
    {
        if (_entry is not null)
        {
            EpollThread.Instance.Remove(_entry);
        }
    }

    /// <summary>How many edges have come; 0 for a watch that is not made yet.</summary>
    public uint Edges(Readiness readiness) => Volatile.Read(ref Side(readiness).Edges);

    /// <summary>Completes when the descriptor may be ready; spurious completions are possible.</summary>
    /// <param name="readiness">What to wait for.</param>
    /// <param name="seen">The <see cref="Edges"/> before the try that would have blocked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled before.</exception>
    /// <exception cref="ObjectDisposedException">The watch was disposed, before or meanwhile.</exception>
    public ValueTask WaitAsync(Readiness readiness, uint seen, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }
        FdWaiter waiter;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, _owner);
            Watch(readiness == Readiness.Readable ? LibC.EPOLLIN | LibC.EPOLLRDHUP : LibC.EPOLLOUT);
            ref Direction direction = ref Side(readiness);
            if (direction.Edges != seen || _alwaysReady)
            {
                return ValueTask.CompletedTask;
            }
            waiter = direction.Enqueue(this, readiness);
            _entry!.Waiting = this;
        }
        return waiter.Start(cancellationToken);
    }

    /// <summary>Counts the edge and wakes those who wait.</summary>
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

    /// <summary>Ends the watch and every wait on it. The handle remains as it is; somebody may have closed it.</summary>
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
            _entry!.Waiting = null;
        }
        // Nobody is added from here on.
        if (_watched != 0)
        {
            EpollThread.Instance.Unwatch(_handle);
        }
        EpollThread.Instance.Remove(_entry);
        GC.SuppressFinalize(this);
        if (readers is not null || writers is not null)
        {
            ObjectDisposedException closed = new(_owner.FullName, "The object was disposed while somebody waited on it.");
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
        _alwaysReady = !EpollThread.Instance.TryWatch(_entry!, _handle, _watched | events, first: _watched == 0);
        _watched = _alwaysReady ? 0 : _watched | events;
    }

    private void ForgetWhenIdle()
    {
        if (_readable.IsEmpty && _writable.IsEmpty)
        {
            _entry!.Waiting = null;
        }
    }

    /// <summary>Those who wait for one kind of readiness, first come first.</summary>
    private struct Direction
    {
        private FdWaiter? _first;
        private FdWaiter? _last;

        /// <summary>How many edges have come. It wraps; only whether it moved is asked.</summary>
        public uint Edges;

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
            Volatile.Write(ref Edges, Edges + 1);
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
