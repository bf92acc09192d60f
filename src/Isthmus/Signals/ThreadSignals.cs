using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// The signal mask of the thread that calls, waiting for blocked signals without a handler, and signals to single threads. <b>The mask belongs to
/// the kernel's thread</b>: after an <c>await</c> the code may run on another. Use a <see cref="Thread"/> of your own. New threads
/// inherit the mask of their maker, and so do programs that <c>System.Diagnostics.Process</c> starts.
/// </summary>
public static class ThreadSignals
{
    /// <summary>The signals that the calling thread has blocked.</summary>
    public static unsafe SignalSet Blocked
    {
        get
        {
            LibC.sigset_t blocked;
            LibC.CheckReturned(LibC.pthread_sigmask(LibC.SIG_BLOCK, null, &blocked));
            return new SignalSet(blocked[0]);
        }
    }

    /// <summary>
    /// Signals that the calling thread has blocked and that wait: those for it and those for the process (<c>sigpending(2)</c>).
    /// <see cref="SignalState"/> tells the two apart.
    /// </summary>
    public static unsafe SignalSet Pending
    {
        get
        {
            LibC.sigset_t pending;
            LibC.Check(LibC.sigpending(&pending));
            return new SignalSet(pending[0]);
        }
    }

    /// <summary>
    /// Blocks these signals too in the calling thread, until the scope is disposed of or for good: <c>using (ThreadSignals.Block(set)) { … }</c>.
    /// While another thread of the process has them unblocked, signals that are sent to the process go there.
    /// </summary>
    /// <exception cref="ArgumentException">The runtime or this library needs one of them (<see cref="Signal.GetReservation"/>).</exception>
    /// <exception cref="PosixException"><c>EINVAL</c> SIGKILL and SIGSTOP cannot be blocked.</exception>
    public static SignalMaskScope Block(SignalSet signals)
    {
        foreach (Signal signal in signals)
        {
            SignalHandling.ThrowIfReserved(signal, nameof(signals));
        }
        return Change(LibC.SIG_BLOCK, signals);
    }

    /// <summary>Unblocks these signals in the calling thread, until the scope is disposed of or for good. Those that wait come before it returns.</summary>
    public static SignalMaskScope Unblock(SignalSet signals) => Change(LibC.SIG_UNBLOCK, signals);

    /// <summary>
    /// Waits for one of these signals, which the thread has blocked, and takes it (<c>sigwaitinfo(2)</c>): one for the thread itself or for the
    /// process, the lowest number first. No handler runs.
    /// </summary>
    /// <exception cref="InvalidOperationException">One of them is not blocked: it would have its action instead.</exception>
    public static SignalInfo Wait(SignalSet signals)
    {
        TryWait(signals, Timeout.InfiniteTimeSpan, out SignalInfo signal);
        return signal;
    }

    /// <summary>As <see cref="Wait"/>, but false when none came within <paramref name="timeout"/>; zero only looks (<c>sigtimedwait(2)</c>).</summary>
    /// <inheritdoc cref="Wait"/>
    public static unsafe bool TryWait(SignalSet signals, TimeSpan timeout, out SignalInfo signal)
    {
        Deadline deadline = Deadline.After(timeout);
        if (signals.Except(Blocked) is { Count: > 0 } open)
        {
            throw new InvalidOperationException($"Block {open} in this thread first (ThreadSignals.Block).");
        }
        LibC.sigset_t set = signals.ToNative();
        LibC.siginfo_t info;
        int number;
        do
        {
            LibC.timespec left = deadline.IsNever ? default : LibC.timespec.FromTimeSpan(deadline.Remaining);
            number = LibC.rt_sigtimedwait(&set, &info, deadline.IsNever ? null : &left);
        }
        while (number < 0 && GoesOn(deadline));
        signal = number < 0 ? default : new SignalInfo(info);
        return number >= 0;
    }

    /// <summary>Sends a signal to the calling thread (<c>raise(3)</c>): its action has happened when this returns, unless it is blocked.</summary>
    public static void Raise(Signal signal) => Send(CurrentThread.Id, signal);

    /// <summary>Sends a signal to one thread of this process (<c>tgkill(2)</c>); false when it has none of that number.</summary>
    public static bool Send(int threadId, Signal signal)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threadId);
        return LibC.tgkill(LibC.getpid(), threadId, signal.ThrowIfNone().Number) == 0 || SignalQueue.Failed("tgkill", threadId);
    }

    /// <summary>Sends a signal with a value to one thread of this process (<c>rt_tgsigqueueinfo(2)</c>); false when it has none of that number.</summary>
    /// <exception cref="PosixException"><c>EAGAIN</c> too many signals are queued (RLIMIT_SIGPENDING).</exception>
    public static unsafe bool Queue(int threadId, Signal signal, nint value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threadId);
        LibC.siginfo_t info = SignalQueue.Info(signal.ThrowIfNone(), value);
        return LibC.rt_tgsigqueueinfo(LibC.getpid(), threadId, signal.Number, &info) == 0
            || SignalQueue.Failed("rt_tgsigqueueinfo", threadId);
    }

    private static bool GoesOn(Deadline deadline) => Errno.Last switch
    {
        Errno.EINTR => true, // Another signal came; at the deadline it looks once more.
        Errno.EAGAIN => !deadline.HasPassed,
        Errno errno => throw PosixException.From(errno, "rt_sigtimedwait"),
    };

    private static unsafe SignalMaskScope Change(int how, SignalSet signals)
    {
        LibC.sigset_t set = signals.ToNative();
        LibC.sigset_t before;
        LibC.CheckReturned(LibC.pthread_sigmask(how, &set, &before));
        SignalSet blocked = new(before[0]);
        return how == LibC.SIG_BLOCK
            ? new SignalMaskScope(LibC.SIG_UNBLOCK, signals.Except(blocked))
            : new SignalMaskScope(LibC.SIG_BLOCK, signals.Intersect(blocked));
    }
}
