using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A timer of one thread that gets it out of blocking calls, again and again until it is stopped: a single interruption
/// could come just before the call begins, and would be lost. timer_create(2) with SIGEV_THREAD_ID.
/// </summary>
internal sealed class ThreadAlarm : SafeHandle
{
    [ThreadStatic]
    private static ThreadAlarm? t_current;

    private ThreadAlarm(nint timer)
        : base(-1, ownsHandle: true) => SetHandle(timer);

    /// <summary>The alarm of the thread that calls. It is deleted some time after the thread has ended, and then does nothing.</summary>
    /// <exception cref="PosixException"><c>EAGAIN</c> the user has too many queued signals and timers (RLIMIT_SIGPENDING).</exception>
    public static ThreadAlarm Current => t_current ??= Create();

    public override bool IsInvalid => handle == -1;

    /// <summary>Interrupts the thread once <paramref name="after"/> has passed, and every millisecond from then on. Any thread may call it.</summary>
    public void Start(TimeSpan after) => Set(new LibC.itimerspec
    {
        // Zero would stop it.
        it_value = LibC.timespec.FromTimeSpan(after <= TimeSpan.Zero ? TimeSpan.FromTicks(1) : after),
        it_interval = LibC.timespec.FromTimeSpan(TimeSpan.FromMilliseconds(1)),
    });

    /// <summary>No interruption begins after this; one that is on its way may still come.</summary>
    public void Stop() => Set(default);

    protected override bool ReleaseHandle() => LibC.timer_delete(handle) == 0;

    private static unsafe ThreadAlarm Create()
    {
        LibC.sigevent notification = new()
        {
            sigev_notify = LibC.SIGEV_THREAD_ID,
            sigev_signo = InterruptSignal.Number,
            _sigev_un = new LibC.SigeventTarget { _tid = LibC.gettid() },
        };
        // A mask survives exec: whoever started this program may have blocked all signals.
        LibC.sigset_t interrupt = SignalSet.Create(new Signal(InterruptSignal.Number)).ToNative();
        LibC.CheckReturned(LibC.pthread_sigmask(LibC.SIG_UNBLOCK, &interrupt, null));
        nint timer;
        if (LibC.timer_create(LibC.CLOCK_MONOTONIC, &notification, &timer) < 0)
        {
            throw PosixException.From(Errno.Last, "timer_create", null, "Raise RLIMIT_SIGPENDING, or wait with fewer threads");
        }
        return new ThreadAlarm(timer);
    }

    private unsafe void Set(LibC.itimerspec value) => LibC.Check(LibC.timer_settime(this, 0, &value, null));
}
