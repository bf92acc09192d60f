using System.Diagnostics.CodeAnalysis;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>The handles that came over a link and were not taken, in the order of their numbers, and those who wait for one.</summary>
internal sealed class HandleArrivals
{
    private readonly object _lock = new();
    private readonly SortedDictionary<long, SafeFileHandle> _unclaimed = [];

    // Completed with every arrival: who awaits looks again.
    private TaskCompletionSource _changed = NewChange();
    private long _last;
    private Exception? _end;

    /// <summary>How many were closed because nobody took them.</summary>
    public long Discarded { get; private set; }

    /// <summary>One has come.</summary>
    /// <exception cref="InvalidDataException">It does not have the next number; it is closed.</exception>
    public void Add(long number, SafeFileHandle handle)
    {
        lock (_lock)
        {
            if (_end is not null || number != _last + 1)
            {
                handle.Dispose();
                throw new InvalidDataException($"The other end of the link has sent a handle as number {number}, and {_last + 1} was next.");
            }
            _last = number;
            if (_unclaimed.Count == HandleLink.UnclaimedMax)
            {
                (long oldest, SafeFileHandle discarded) = _unclaimed.First();
                _unclaimed.Remove(oldest);
                discarded.Dispose();
                Discarded++;
            }
            _unclaimed.Add(number, handle);
            TellAll();
        }
    }

    /// <summary>No more will come, and what was not taken is closed.</summary>
    public void End(Exception why)
    {
        lock (_lock)
        {
            // What came before the other end was closed can be taken still; what came before this one was disposed cannot.
            _end = why is ObjectDisposedException ? why : _end ?? why;
            if (why is ObjectDisposedException or InvalidDataException)
            {
                foreach (SafeFileHandle handle in _unclaimed.Values)
                {
                    handle.Dispose();
                }
                _unclaimed.Clear();
            }
            TellAll();
        }
    }

    public bool TryTake(HandleTicket ticket, Deadline deadline, [NotNullWhen(true)] out SafeFileHandle? handle)
    {
        lock (_lock)
        {
            while ((handle = TakeNow(ticket)) is null)
            {
                if (deadline.HasPassed)
                {
                    return false;
                }
                // Never early: rounded up to whole milliseconds.
                Monitor.Wait(_lock, deadline.IsNever ? Timeout.Infinite : (int)Math.Min(Math.Ceiling(deadline.Remaining.TotalMilliseconds), int.MaxValue));
            }
            return true;
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "It is the caller's.")]
    public async ValueTask<SafeFileHandle> TakeAsync(HandleTicket ticket, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task changed;
            lock (_lock)
            {
                if (TakeNow(ticket) is { } handle)
                {
                    return handle;
                }
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void TellAll()
    {
        Monitor.PulseAll(_lock);
        _changed.SetResult();
        _changed = NewChange();
    }

    private SafeFileHandle? TakeNow(HandleTicket ticket)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ticket.Number, nameof(ticket));
        if (_unclaimed.Remove(ticket.Number, out SafeFileHandle? handle))
        {
            return handle;
        }
        ObjectDisposedException.ThrowIf(_end is ObjectDisposedException, typeof(HandleLink));
        if (ticket.Number <= _last)
        {
            throw new InvalidOperationException($"The handle {ticket.Number} was taken already, or was closed because nobody took it for too long.");
        }
        return _end switch
        {
            null => null,
            InvalidDataException => throw new InvalidDataException(_end.Message, _end),
            _ => throw new EndOfStreamException($"The link has ended, and the handle {ticket.Number} has not come.", _end),
        };
    }
}
