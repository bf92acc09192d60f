using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

// Signals.
public sealed partial class ProcessHandle
{
    /// <summary>
    /// Sends a signal to this process, never to a later one with its number; false when it has ended already
    /// (<c>pidfd_send_signal(2)</c>).
    /// </summary>
    /// <remarks>To be sent is not to have been handled: wait for the effect. A zombie counts as ended.</remarks>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c> it belongs to another user.</exception>
    public bool Send(Signal signal) => !HasExited && Send(signal, 0);

    /// <summary>
    /// Sends a signal with a value to this process (<c>sigqueue(3)</c>, by pidfd); false when it has ended already. Each real-time signal is
    /// queued: none is merged with another, and they come in order.
    /// </summary>
    /// <param name="signal">Which one. Of a standard signal, one at a time is pending: the value of the next is lost until it is received.</param>
    /// <param name="value">C receives it as <c>sival_ptr</c>; an <see cref="int"/> as <c>sival_int</c>.</param>
    /// <exception cref="PosixException"><c>EAGAIN</c> the receiver's user has too many signals queued; see <see cref="TryQueue"/>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c> it belongs to another user.</exception>
    public bool Queue(Signal signal, nint value) => TryQueue(signal, value) switch
    {
        SignalQueueOutcome.Full => throw SignalQueue.Full("pidfd_send_signal"),
        SignalQueueOutcome outcome => outcome == SignalQueueOutcome.Queued,
    };

    /// <summary>As <see cref="Queue"/>, but tells when the queue is full: for senders that wait and try again.</summary>
    /// <inheritdoc cref="Queue"/>
    public unsafe SignalQueueOutcome TryQueue(Signal signal, nint value)
    {
        ThrowIfNone(signal);
        if (HasExited)
        {
            return SignalQueueOutcome.Ended;
        }
        LibC.siginfo_t info = SignalQueue.Info(signal, value);
        if (LibC.pidfd_send_signal(_pidfd, signal.Number, &info) == 0)
        {
            return SignalQueueOutcome.Queued;
        }
        if (Errno.Last == Errno.EAGAIN)
        {
            return SignalQueueOutcome.Full;
        }
        Failed("pidfd_send_signal");
        return SignalQueueOutcome.Ended;
    }

    /// <summary>
    /// Sends a signal to the process group that this process leads; it may have outlived its leader. False when there
    /// is none, because the group is empty or this process was no group's leader (<c>setpgid(2)</c>).
    /// </summary>
    /// <remarks>Before kernel 6.9 a group can be reached only until its leader is reaped; later this is false.</remarks>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EPERM</c> all of its processes belong to other users.
    /// </exception>
    public bool SendToGroup(Signal signal)
    {
        ThrowIfNone(signal);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_pidfd.IsInvalid)
        {
            return false;
        }
        return PidFd.CanSignalGroup(_pidfd)
            ? Send(signal, LibC.Pidfd.PIDFD_SIGNAL_PROCESS_GROUP)
            : SendToGroupByNumber(signal);
    }

    /// <summary>
    /// Sends a signal to this process and to all its descendants, whatever groups and sessions they made; false when
    /// there is none of them any more.
    /// </summary>
    /// <remarks>
    /// They are stopped (SIGSTOP) one by one, from this process downwards, while they are searched, so that none starts
    /// another unseen; then all get the signal, and those that ran before go on. SIGCONT is sent without stopping
    /// anybody. A descendant whose parent had died before has another parent now and is not found: for those use a
    /// group, or a <see cref="Subreaper"/>. Costs up to 1 ms for each process.
    /// </remarks>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EPERM</c> one of them belongs to another user; all others got the signal.
    /// </exception>
    /// <exception cref="InvalidOperationException">This process itself is in the tree.</exception>
    public bool SendToTree(Signal signal)
    {
        ThrowIfNone(signal);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (HasExited)
        {
            return false;
        }
        using ProcessTree tree = ProcessTree.Catch(this, stop: signal != Signal.SIGCONT);
        // SIGCONT takes back a stop signal that is still pending, so those are sent afterwards. Who gets SIGSTOP stays
        // stopped.
        if (signal == Signal.SIGSTOP)
        {
            return tree.Send(signal);
        }
        bool stops = signal == Signal.SIGTSTP || signal == Signal.SIGTTIN || signal == Signal.SIGTTOU;
        if (stops)
        {
            tree.Continue();
        }
        try
        {
            return tree.Send(signal);
        }
        finally
        {
            tree.Continue();
        }
    }

    /// <summary>What it does with signals, and which ones wait.</summary>
    /// <exception cref="PosixException"><c>ESRCH</c> it has ended and is reaped.</exception>
    public SignalState ReadSignals()
    {
        SignalState state = SignalState.Read(Id);
        ReadStat();
        return state;
    }

    /// <summary>The group that this process leads has members that it makes sense to wait for.</summary>
    internal bool HasGroup()
    {
        if (_pidfd.IsInvalid || PidFd.CanSignalGroup(_pidfd))
        {
            return !_pidfd.IsInvalid
                && (LibC.pidfd_send_signal(_pidfd, 0, LibC.Pidfd.PIDFD_SIGNAL_PROCESS_GROUP) == 0 || Errno.Last == Errno.EPERM);
        }
        lock (_lock)
        {
            // The zombie that holds the number is a member, too: so those who live are searched.
            return PidFd.HoldsItsNumber(_pidfd) && ProcStat.AnyAliveInGroup(Id);
        }
    }

    private bool Send(Signal signal, uint flags)
    {
        ThrowIfNone(signal);
        return LibC.pidfd_send_signal(_pidfd, signal.Number, flags) == 0 || Failed("pidfd_send_signal");
    }

    // The number is safe as long as its process holds it; afterwards nobody can tell whose group it is.
    private bool SendToGroupByNumber(Signal signal)
    {
        lock (_lock)
        {
            return PidFd.HoldsItsNumber(_pidfd) && (LibC.kill(-Id, signal.Number) == 0 || Failed("kill"));
        }
    }

    private bool Failed(string call) => Errno.Last == Errno.ESRCH
        ? false
        : throw PosixException.From(Errno.Last, call, Id.ToString(CultureInfo.InvariantCulture));

    private static void ThrowIfNone(Signal signal)
    {
        if (signal.Number == 0)
        {
            throw new ArgumentException("This is no signal but the default value of the type.", nameof(signal));
        }
    }
}
