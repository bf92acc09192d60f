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
    /// Sends a signal to the process group that this process leads; it may have outlived its leader. False when there is none,
    /// because the group is empty or this process was no group's leader (<c>setpgid(2)</c>).
    /// </summary>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c> all of its processes belong to other users.</exception>
    public bool SendToGroup(Signal signal)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_pidfd.IsInvalid)
        {
            return false;
        }
        try
        {
            return Send(signal, LibC.Pidfd.PIDFD_SIGNAL_PROCESS_GROUP);
        }
        catch (PosixException error) when (error.Errno == Errno.EINVAL)
        {
            return SendToGroupByNumber(signal); // The kernel is older than 6.9.
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
