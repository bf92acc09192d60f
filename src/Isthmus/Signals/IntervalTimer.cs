using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// The three timers that every process has once (<c>setitimer(2)</c>). <see cref="Real"/> is also the timer of <c>alarm(2)</c>:
/// <c>IntervalTimer.Real.Set(TimeSpan.FromSeconds(5))</c>. When one expires and nobody catches its signal, the process ends: open a
/// <see cref="SignalStream"/> first. A program that is executed in place of this one inherits them; children do not.
/// </summary>
/// <remarks>Thread-safe, but there is one of each: code that sets it takes it away from other code. <see cref="PosixTimer"/> has no such limit.</remarks>
public sealed class IntervalTimer
{
    private readonly int _which;

    private IntervalTimer(int which, Signal signal)
    {
        _which = which;
        Signal = signal;
    }

    /// <summary>Counts time and sends SIGALRM (<c>ITIMER_REAL</c>). Not moved when the time of day is set.</summary>
    public static IntervalTimer Real { get; } = new(LibC.ITIMER_REAL, Signal.SIGALRM);

    /// <summary>Counts the CPU time of all threads in user mode and sends SIGVTALRM (<c>ITIMER_VIRTUAL</c>).</summary>
    public static IntervalTimer Virtual { get; } = new(LibC.ITIMER_VIRTUAL, Signal.SIGVTALRM);

    /// <summary>Counts the CPU time of all threads, in user mode and in the kernel, and sends SIGPROF (<c>ITIMER_PROF</c>).</summary>
    public static IntervalTimer Profiling { get; } = new(LibC.ITIMER_PROF, Signal.SIGPROF);

    /// <summary>The signal that it sends to the process.</summary>
    public Signal Signal { get; }

    /// <summary>The time until the next expiration; zero when it is stopped.</summary>
    public TimeSpan TimeLeft => Current.it_value.ToTimeSpan();

    /// <summary>The time between two expirations; zero for a one-shot.</summary>
    public TimeSpan Period => Current.it_interval.ToTimeSpan();

    private unsafe LibC.itimerval Current
    {
        get
        {
            LibC.itimerval current;
            LibC.Check(LibC.getitimer(_which, &current));
            return current;
        }
    }

    /// <summary>Starts the timer anew.</summary>
    /// <param name="due">The time until the first expiration, rounded up to a microsecond; zero expires at once.</param>
    /// <param name="period">The time between the following ones; zero for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative.</exception>
    public void Set(TimeSpan due, TimeSpan period = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(due, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        // Zero would stop it.
        TimeSpan first = due == TimeSpan.Zero ? TimeSpan.FromMicroseconds(1) : due;
        SetTime(new LibC.itimerval { it_value = LibC.timeval.FromTimeSpan(first), it_interval = LibC.timeval.FromTimeSpan(period) });
    }

    /// <summary>Stops the timer.</summary>
    public void Stop() => SetTime(default);

    private unsafe void SetTime(LibC.itimerval value) => LibC.Check(LibC.setitimer(_which, &value, null));
}
