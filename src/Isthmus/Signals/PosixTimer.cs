using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A timer of this process that sends a signal when it expires, with a value if the signal is received by <see cref="SignalStream"/> or
/// <see cref="ThreadSignals.Wait"/> (<c>timer_create(2)</c>). Any number may run. One that needs no signal is a <see cref="TimerFd"/>.
/// </summary>
/// <remarks>Thread-safe. It expires never early. While its signal is pending, further expirations are counted and not queued.</remarks>
public sealed class PosixTimer : IDisposable
{
    private readonly TimerHandle _timer;
    private readonly PosixTimerClock _clock;

    private PosixTimer(TimerHandle timer, PosixTimerClock clock)
    {
        _timer = timer;
        _clock = clock;
    }

    /// <summary>The number that <see cref="SignalInfo.TimerId"/> tells.</summary>
    public int Id => _timer.Number;

    /// <summary>The time until the next expiration; zero when it is stopped, or was a one-shot that has expired.</summary>
    public TimeSpan TimeLeft => Current.it_value.ToTimeSpan();

    /// <summary>The time between two expirations; zero for a one-shot.</summary>
    public TimeSpan Period => Current.it_interval.ToTimeSpan();

    /// <summary>
    /// How many expirations the signal that was received last stood for besides its own; as <see cref="SignalInfo.Overruns"/>
    /// (<c>timer_getoverrun(2)</c>).
    /// </summary>
    public int Overruns => LibC.Check(LibC.timer_getoverrun(_timer));

    private unsafe LibC.itimerspec Current
    {
        get
        {
            LibC.itimerspec current;
            LibC.Check(LibC.timer_gettime(_timer, &current));
            return current;
        }
    }

    /// <summary>Makes a timer that is not running yet.</summary>
    /// <exception cref="ArgumentException">The signal is one that the runtime or this library needs (<see cref="Signal.GetReservation"/>).</exception>
    /// <exception cref="PosixException">
    /// <c>EAGAIN</c> too many timers and queued signals (RLIMIT_SIGPENDING); <c>EINVAL</c> no such thread in this process, or SIGKILL or SIGSTOP.
    /// </exception>
    public static PosixTimer Create(PosixTimerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Signal is { } signal)
        {
            SignalHandling.ThrowIfReserved(signal, nameof(options));
        }
        if (!Enum.IsDefined(options.Clock))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Clock, "There is no such clock.");
        }
        return new PosixTimer(TimerHandle.Create((int)options.Clock, EventOf(options)), options.Clock);
    }

    /// <summary>Makes a timer on the monotonic clock that sends <paramref name="signal"/> to this process.</summary>
    /// <inheritdoc cref="Create(PosixTimerOptions)"/>
    public static PosixTimer Create(Signal signal, nint value = 0) => Create(new PosixTimerOptions { Signal = signal, Value = value });

    /// <summary>Starts the timer anew.</summary>
    /// <param name="due">The time until the first expiration; zero expires at once.</param>
    /// <param name="period">The time between the following ones; zero for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative.</exception>
    public void Set(TimeSpan due, TimeSpan period = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(due, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        Start(0, due, period);
    }

    /// <summary>Starts the timer for a time of day; it follows when somebody sets the clock. One that has passed expires at once.</summary>
    /// <exception cref="InvalidOperationException">The timer's clock is not <see cref="PosixTimerClock.RealTime"/>.</exception>
    public void SetAt(DateTimeOffset due, TimeSpan period = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(due, DateTimeOffset.UnixEpoch);
        if (_clock != PosixTimerClock.RealTime)
        {
            throw new InvalidOperationException($"A time of day belongs to the clock RealTime; this timer counts {_clock}.");
        }
        Start(LibC.TIMER_ABSTIME, due - DateTimeOffset.UnixEpoch, period);
    }

    /// <summary>Stops the timer. A signal that is pending may still be received.</summary>
    public void Stop() => SetTime(0, default);

    /// <summary>Stops and deletes the timer. A signal that is pending is thrown away, or may still be received (before kernel 6.13).</summary>
    public void Dispose() => _timer.Dispose();

    private void Start(int flags, TimeSpan due, TimeSpan period) => SetTime(flags, new LibC.itimerspec
    {
        // Zero would stop it.
        it_value = due == TimeSpan.Zero ? new LibC.timespec { tv_nsec = 1 } : LibC.timespec.FromTimeSpan(due),
        it_interval = LibC.timespec.FromTimeSpan(period),
    });

    private unsafe void SetTime(int flags, LibC.itimerspec value) => LibC.Check(LibC.timer_settime(_timer, flags, &value, null));

    private static LibC.sigevent EventOf(PosixTimerOptions options) => new()
    {
        sigev_value = options.Value,
        sigev_signo = options.Signal?.Number ?? 0,
        sigev_notify = options.Signal is null ? LibC.SIGEV_NONE : options.ThreadId is null ? LibC.SIGEV_SIGNAL : LibC.SIGEV_THREAD_ID,
        _sigev_un = new LibC.SigeventTarget { _tid = options.ThreadId ?? 0 },
    };

    /// <summary>libc's <c>timer_t</c>: any value but -1, 0 too.</summary>
    private sealed class TimerHandle : SafeHandle
    {
        private TimerHandle(nint timer)
            : base(-1, ownsHandle: true) => SetHandle(timer);

        public override bool IsInvalid => handle == -1;

        public int Number => (int)handle;

        public static unsafe TimerHandle Create(int clock, LibC.sigevent notification)
        {
            nint timer;
            return LibC.timer_create(clock, &notification, &timer) == 0
                ? new TimerHandle(timer)
                : throw PosixException.From(Errno.Last, "timer_create", null, Errno.Last switch
                {
                    Errno.EAGAIN => "Each timer counts as a queued signal of the user: raise RLIMIT_SIGPENDING",
                    Errno.EINVAL when notification.sigev_notify == LibC.SIGEV_THREAD_ID => "The thread must be one of this process",
                    _ => null,
                });
        }

        protected override bool ReleaseHandle() => LibC.timer_delete(handle) == 0;
    }
}
