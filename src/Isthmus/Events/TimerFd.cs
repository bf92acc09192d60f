using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A timer in the kernel (<c>timerfd_create(2)</c>), one-shot or periodic: it counts expirations until somebody reads them, so
/// a slow reader learns how many it missed. It expires never early, and a process that shares <see cref="Handle"/> shares it.
/// </summary>
/// <remarks>Thread-safe; each expiration is told to one reader. Sync calls are one system call each; neither sync nor async reads allocate.</remarks>
public sealed class TimerFd : IDisposable
{
    private readonly PollableHandle _pollable;

    private TimerFd(SafeFileHandle handle)
    {
        Handle = handle;
        _pollable = new PollableHandle(handle, typeof(TimerFd));
    }

    /// <summary>The descriptor, readable after an expiration. It is closed with this object.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The time until the next expiration; zero when the timer is stopped or was a one-shot that has expired.</summary>
    public TimeSpan TimeLeft => Current.it_value.ToTimeSpan();

    /// <summary>The time between two expirations; zero for a one-shot.</summary>
    public TimeSpan Period => Current.it_interval.ToTimeSpan();

    private unsafe LibC.itimerspec Current
    {
        get
        {
            LibC.itimerspec current;
            LibC.Check(LibC.timerfd_gettime(Handle, &current));
            return current;
        }
    }

    /// <summary>Makes a timer that is not running yet.</summary>
    /// <exception cref="PosixException"><c>EMFILE</c>, <c>ENFILE</c>: no descriptor left.</exception>
    public static TimerFd Create(TimerClock clock = TimerClock.Monotonic) => new(LibC.Check(LibC.timerfd_create(
        clock switch
        {
            TimerClock.Monotonic => LibC.CLOCK_MONOTONIC,
            TimerClock.BootTime => LibC.CLOCK_BOOTTIME,
            _ => throw new ArgumentOutOfRangeException(nameof(clock), clock, "The clock is Monotonic or BootTime."),
        },
        LibC.TFD_CLOEXEC)));

    /// <summary>Takes over a timerfd that was inherited or received.</summary>
    /// <exception cref="ArgumentException">It is something else; the handle stays the caller's.</exception>
    public static TimerFd FromHandle(SafeFileHandle handle)
    {
        AnonymousInode.ThrowIfNot("timerfd", handle);
        return new TimerFd(handle);
    }

    /// <summary>Starts the timer anew; expirations that were not read are forgotten.</summary>
    /// <param name="due">The time until the first expiration; zero expires at once.</param>
    /// <param name="period">The time between the following ones; zero for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative.</exception>
    public void Set(TimeSpan due, TimeSpan period = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(due, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        LibC.timespec first = LibC.timespec.FromTimeSpan(due);
        if (due == TimeSpan.Zero)
        {
            first.tv_nsec = 1; // Zero would stop it.
        }
        SetTime(new LibC.itimerspec { it_value = first, it_interval = LibC.timespec.FromTimeSpan(period) });
    }

    /// <summary>Stops the timer; expirations that were not read are forgotten.</summary>
    public void Stop() => SetTime(default);

    /// <summary>Waits for the next expiration; the number of expirations since the last read, at least 1.</summary>
    public ulong Read() => _pollable.Run<CounterRead, ulong>(default);

    /// <summary>As <see cref="Read"/>, but false at once when there was no expiration.</summary>
    public bool TryRead(out ulong expirations) => TryRead(TimeSpan.Zero, out expirations);

    /// <summary>As <see cref="Read"/>, but false when there was no expiration within <paramref name="timeout"/>.</summary>
    public bool TryRead(TimeSpan timeout, out ulong expirations) =>
        _pollable.TryRun(default(CounterRead), Deadline.After(timeout), out expirations);

    /// <summary>As <see cref="Read"/>, waiting in the event loop. Cancelled means that no expiration was taken.</summary>
    public ValueTask<ulong> ReadAsync(CancellationToken cancellationToken = default) =>
        _pollable.RunAsync<CounterRead, ulong>(default, cancellationToken);

    /// <summary>Closes the descriptor; the timer ends with the last process that holds it.</summary>
    public void Dispose() => _pollable.Dispose();

    private unsafe void SetTime(LibC.itimerspec value) => LibC.Check(LibC.timerfd_settime(Handle, 0, &value, null));
}
