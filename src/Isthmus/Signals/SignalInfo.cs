using Isthmus.Native;

namespace Isthmus;

/// <summary>One signal that was received, with what the kernel tells of it (<c>siginfo_t</c>). What a signal does not have is null.</summary>
public readonly record struct SignalInfo
{
    // Sender and user, or timer and overruns.
    private readonly int _first;
    private readonly uint _second;
    private readonly nint _value;
    private readonly long _userTicks;
    private readonly long _systemTicks;

    internal SignalInfo(in LibC.siginfo_t info)
    {
        Signal = Signal.OfKernel(info.si_signo);
        Code = info.si_code;
        _first = info.si_pid;
        _second = info.si_uid;
        _value = info.si_ptr;
        _userTicks = info.si_utime;
        _systemTicks = info.si_stime;
    }

    // Of real-time signals, which have no child.
    internal SignalInfo(in LibC.signalfd_siginfo info)
    {
        Signal = Signal.OfKernel((int)info.ssi_signo);
        Code = info.ssi_code;
        _first = (int)(Code == LibC.SI_TIMER ? info.ssi_tid : info.ssi_pid);
        _second = Code == LibC.SI_TIMER ? info.ssi_overrun : info.ssi_uid;
        _value = (nint)info.ssi_ptr;
    }

    /// <summary>Which signal.</summary>
    public Signal Signal { get; }

    /// <summary>The kernel's <c>si_code</c>.</summary>
    public int Code { get; }

    /// <summary>Who or what made it.</summary>
    public SignalOrigin Origin => Code switch
    {
        LibC.SI_USER => SignalOrigin.User,
        LibC.SI_TKILL => SignalOrigin.Thread,
        LibC.SI_QUEUE => SignalOrigin.Queue,
        LibC.SI_TIMER => SignalOrigin.Timer,
        LibC.SI_MESGQ => SignalOrigin.MessageQueue,
        LibC.SI_ASYNCIO => SignalOrigin.AsynchronousIO,
        LibC.SI_KERNEL => SignalOrigin.Kernel,
        _ when Signal == Signal.SIGCHLD => ChildOrigin,
        _ => SignalOrigin.Other,
    };

    /// <summary>The process that sent it, or the child that it is about; 0 when it is not of this pid namespace.</summary>
    /// <remarks>The sender wrote it, or the kernel for it: true unless the sender is root or this process itself.</remarks>
    public int? ProcessId => HasSender ? _first : null;

    /// <summary>The real user of that process.</summary>
    public uint? UserId => HasSender ? _second : null;

    /// <summary>What was sent along, as C's <c>sival_int</c>: the lower half of <see cref="PointerValue"/>.</summary>
    public int? Value => HasValue ? (int)_value : null;

    /// <summary>What was sent along, as C's <c>sival_ptr</c>. A C program that sent an <c>int</c> may leave anything in its upper half.</summary>
    public nint? PointerValue => HasValue ? _value : null;

    /// <summary>The <see cref="PosixTimer.Id"/> of the timer that has expired.</summary>
    public int? TimerId => Origin == SignalOrigin.Timer ? _first : null;

    /// <summary>How many further expirations this signal stands for, which came while it was pending.</summary>
    public int? Overruns => Origin == SignalOrigin.Timer ? (int)_second : null;

    /// <summary>The child's exit code, after <see cref="SignalOrigin.ChildExited"/>.</summary>
    public int? ChildExitCode => Origin == SignalOrigin.ChildExited ? (int)_value : null;

    /// <summary>The signal that ended, stopped or continued the child.</summary>
    public Signal? ChildStateSignal => IsChild && Origin != SignalOrigin.ChildExited ? Signal.OfKernel((int)_value) : null;

    /// <summary>The CPU time of the child in user mode, in steps of the clock tick (mostly 10 ms).</summary>
    public TimeSpan? ChildUserTime => IsChild ? ProcStat.Time(_userTicks) : null;

    /// <summary>The CPU time of the child in the kernel.</summary>
    public TimeSpan? ChildSystemTime => IsChild ? ProcStat.Time(_systemTicks) : null;

    private bool IsChild => Origin is >= SignalOrigin.ChildExited and <= SignalOrigin.ChildContinued;

    private bool HasSender => IsChild
        || Origin is SignalOrigin.User or SignalOrigin.Thread or SignalOrigin.Queue or SignalOrigin.MessageQueue or SignalOrigin.AsynchronousIO;

    private bool HasValue =>
        Origin is SignalOrigin.Queue or SignalOrigin.Timer or SignalOrigin.MessageQueue or SignalOrigin.AsynchronousIO;

    private SignalOrigin ChildOrigin => Code switch
    {
        LibC.CLD_EXITED => SignalOrigin.ChildExited,
        LibC.CLD_KILLED => SignalOrigin.ChildKilled,
        LibC.CLD_DUMPED => SignalOrigin.ChildDumped,
        LibC.CLD_TRAPPED => SignalOrigin.ChildTrapped,
        LibC.CLD_STOPPED => SignalOrigin.ChildStopped,
        LibC.CLD_CONTINUED => SignalOrigin.ChildContinued,
        _ => SignalOrigin.Other,
    };
}
