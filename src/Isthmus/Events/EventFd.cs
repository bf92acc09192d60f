using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A 64-bit counter in the kernel (<c>eventfd(2)</c>): writers add to it, a reader takes it. The cheapest way to wake another
/// thread or process that waits for a descriptor. It has no name: pass <see cref="Handle"/> to a child or over a Unix socket.
/// </summary>
/// <remarks>
/// Thread-safe. Sync calls are one system call each; async calls wait in the event loop; neither allocates. A thread that blocks
/// in a sync call is not woken by <see cref="Dispose"/>; async waits end with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed class EventFd : IDisposable
{
    private readonly PollableHandle _pollable;

    private EventFd(SafeFileHandle handle)
    {
        Handle = handle;
        _pollable = new PollableHandle(handle, typeof(EventFd));
    }

    /// <summary>The largest number that the counter holds, 2⁶⁴ - 2.</summary>
    public static ulong MaxValue => ulong.MaxValue - 1;

    /// <summary>The descriptor, readable while the counter is not zero. It is closed with this object.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Makes a counter that a read takes whole.</summary>
    /// <exception cref="PosixException"><c>EMFILE</c>, <c>ENFILE</c>: no descriptor left.</exception>
    public static EventFd Create(uint initialValue = 0) => new(LibC.Check(LibC.eventfd(initialValue, LibC.EFD_CLOEXEC)));

    /// <summary>Makes a counter of which a read takes 1 (<c>EFD_SEMAPHORE</c>): each unit wakes one reader.</summary>
    /// <inheritdoc cref="Create"/>
    public static EventFd CreateSemaphore(uint initialValue = 0) =>
        new(LibC.Check(LibC.eventfd(initialValue, LibC.EFD_CLOEXEC | LibC.EFD_SEMAPHORE)));

    /// <summary>Takes over an eventfd that was inherited or received.</summary>
    /// <exception cref="ArgumentException">It is something else; the handle stays the caller's.</exception>
    public static EventFd FromHandle(SafeFileHandle handle)
    {
        AnonymousInode.ThrowIfNot("eventfd", handle);
        return new EventFd(handle);
    }

    /// <summary>Adds to the counter and wakes readers; blocks while the sum would be above <see cref="MaxValue"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is above <see cref="MaxValue"/> (<c>EINVAL</c>).</exception>
    public void Write(ulong value = 1)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(value, ulong.MaxValue);
        _pollable.Run<CounterWrite, int>(new CounterWrite(value));
    }

    /// <summary>As <see cref="Write"/>, but false when there was no room within <paramref name="timeout"/>; zero only tries.</summary>
    /// <remarks>
    /// The kernel has no single write to an eventfd that does not block, so the first call makes the open file description
    /// non-blocking (<c>O_NONBLOCK</c>), which a process that shares it and calls <c>read(2)</c> itself would notice.
    /// </remarks>
    /// <inheritdoc cref="Write"/>
    public bool TryWrite(ulong value, TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(value, ulong.MaxValue);
        return _pollable.TryRun(new CounterWrite(value), Deadline.After(timeout), out int _);
    }

    /// <summary>As <see cref="Write"/>, but false at once when there is no room.</summary>
    /// <inheritdoc cref="TryWrite(ulong, TimeSpan)"/>
    public bool TryWrite(ulong value = 1) => TryWrite(value, TimeSpan.Zero);

    /// <summary>As <see cref="Write"/>, waiting in the event loop for room. Cancelled means that nothing was added.</summary>
    /// <inheritdoc cref="TryWrite(ulong, TimeSpan)"/>
    public ValueTask WriteAsync(ulong value = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(value, ulong.MaxValue);
        return _pollable.RunAsync<CounterWrite, int>(new CounterWrite(value), cancellationToken).WithoutResult();
    }

    /// <summary>Waits until the counter is not zero, then takes it whole, or 1 of it in semaphore mode.</summary>
    public ulong Read() => _pollable.Run<CounterRead, ulong>(default);

    /// <summary>As <see cref="Read"/>, but false at once when the counter is zero.</summary>
    public bool TryRead(out ulong value) => TryRead(TimeSpan.Zero, out value);

    /// <summary>As <see cref="Read"/>, but false when the counter stayed zero for <paramref name="timeout"/>.</summary>
    public bool TryRead(TimeSpan timeout, out ulong value) => _pollable.TryRun(default(CounterRead), Deadline.After(timeout), out value);

    /// <summary>As <see cref="Read"/>, waiting in the event loop. Cancelled means that nothing was taken.</summary>
    public ValueTask<ulong> ReadAsync(CancellationToken cancellationToken = default) =>
        _pollable.RunAsync<CounterRead, ulong>(default, cancellationToken);

    /// <summary>Closes the descriptor; others that share the counter keep it.</summary>
    public void Dispose() => _pollable.Dispose();
}
