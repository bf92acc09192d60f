using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>What a descriptor of a process (<c>pidfd_open(2)</c>) can be asked.</summary>
internal static class PidFd
{
    /// <summary>Opens the process with this number; false when there is none.</summary>
    /// <exception cref="PosixException"><c>ESRCH</c> the number is a thread's; <c>EMFILE</c>, …</exception>
    public static bool TryOpen(int pid, [NotNullWhen(true)] out SafeFileHandle? pidfd)
    {
        pidfd = LibC.pidfd_open(pid, 0);
        if (!pidfd.IsInvalid)
        {
            return true;
        }
        Errno errno = Errno.Last;
        pidfd.Dispose();
        pidfd = null;
        return errno switch
        {
            Errno.ESRCH => false,
            // From kernel 6.9 on ENOENT.
            Errno.EINVAL or Errno.ENOENT =>
                throw ProcessIdentity.NoSuchProcess(pid, "The number is that of a thread, not of a process"),
            _ => throw PosixException.From(errno, "pidfd_open"),
        };
    }

    /// <summary>
    /// The process's number, in this pid namespace: 0 when it is not in it, -1 when it has ended and been reaped.
    /// </summary>
    /// <exception cref="ArgumentException">The descriptor is no pidfd.</exception>
    public static int NumberOf(SafeFileHandle pidfd)
    {
        const string Field = "Pid:";
        bool referenced = false;
        try
        {
            pidfd.DangerousAddRef(ref referenced);
            string path = string.Create(
                CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{pidfd.DangerousGetHandle()}");
            string? line = File.ReadLines(path)
                .FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
            return line is not null
                ? int.Parse(line[Field.Length..], CultureInfo.InvariantCulture)
                : throw new ArgumentException("The descriptor is no pidfd.", nameof(pidfd));
        }
        finally
        {
            if (referenced)
            {
                pidfd.DangerousRelease();
            }
        }
    }

    /// <summary>Set to false by tests: what this does on kernels before 6.9, which do not know a process's group by its descriptor.</summary>
    internal static bool KnowsGroups { get; set; } = true;

    /// <summary>
    /// The group that the process leads can be signalled by the descriptor, also after the leader is reaped. Otherwise only by
    /// number, and that is the group's only as long as the leader, or its zombie, holds it.
    /// </summary>
    public static bool CanSignalGroup(SafeHandle pidfd) => KnowsGroups
        && (LibC.pidfd_send_signal(pidfd, 0, LibC.Pidfd.PIDFD_SIGNAL_PROCESS_GROUP) == 0 || Errno.Last != Errno.EINVAL);

    /// <summary>The process has ended; it may still be a zombie.</summary>
    public static bool HasExited(SafeHandle pidfd) => Poll.Wait(pidfd, LibC.POLLIN, Deadline.After(TimeSpan.Zero));

    /// <summary>The process, or its zombie, still holds its number. Asks by the signal 0.</summary>
    public static bool HoldsItsNumber(SafeHandle pidfd) =>
        LibC.pidfd_send_signal(pidfd, 0) == 0 || Errno.Last != Errno.ESRCH;

    /// <summary>Looks, without waiting, whether the process, a child of ours, has ended.</summary>
    /// <param name="pidfd">The process.</param>
    /// <param name="options">WNOWAIT leaves the zombie to somebody else; 0 reaps it.</param>
    /// <param name="status">How it ended.</param>
    public static unsafe WaitOutcome TryWait(SafeHandle pidfd, int options, out ExitStatus status)
    {
        status = default;
        LibC.siginfo_t info = default;
        LibC.rusage usage = default;
        nint result = LibC.syscall_waitid(
            LibC.SYS_waitid, LibC.P_PIDFD, pidfd, &info, LibC.WEXITED | LibC.WNOHANG | options, &usage);
        if (result < 0)
        {
            return Errno.Last == Errno.ECHILD
                ? WaitOutcome.NotOurChild
                : throw PosixException.From(Errno.Last, "waitid");
        }
        if (info.si_pid == 0)
        {
            return WaitOutcome.Running;
        }
        status = Status(info) with
        {
            UserTime = usage.ru_utime.ToTimeSpan(),
            SystemTime = usage.ru_stime.ToTimeSpan(),
            PeakMemory = usage.ru_maxrss * 1024, // The kernel counts KiB.
        };
        return WaitOutcome.Ended;
    }

    /// <summary>Asks the kernel how the process ended, which has ended, be it whose child it may.</summary>
    public static unsafe WaitOutcome GetExit(SafeHandle pidfd, out ExitStatus status)
    {
        status = ExitStatus.Unknown;
        LibC.Pidfd.pidfd_info info = new() { mask = LibC.Pidfd.PIDFD_INFO_EXIT };
        if (LibC.ioctl(pidfd, LibC.Pidfd.PIDFD_GET_INFO, &info) != 0)
        {
            // ENOTTY, EINVAL: the kernel is older than 6.15 and tells nobody but the parent. ESRCH: it has forgotten.
            return WaitOutcome.Ended;
        }
        if ((info.mask & LibC.Pidfd.PIDFD_INFO_EXIT) == 0)
        {
            return WaitOutcome.Unreaped;
        }
        status = ExitStatus.FromWaitStatus(info.exit_code);
        return WaitOutcome.Ended;
    }

    /// <summary>Takes the stop or continuation of a child of ours that nobody has taken yet.</summary>
    /// <exception cref="InvalidOperationException"><c>ECHILD</c> it is no child of ours.</exception>
    public static unsafe bool TryTakeStateChange(SafeHandle pidfd, out ChildStateChange change)
    {
        change = default;
        LibC.siginfo_t info = default;
        nint result = LibC.syscall_waitid(
            LibC.SYS_waitid, LibC.P_PIDFD, pidfd, &info, LibC.WSTOPPED | LibC.WCONTINUED | LibC.WNOHANG, null);
        if (result < 0)
        {
            Errno errno = Errno.Last;
            // A zombie is no candidate for a stop, so of that ECHILD is said, too.
            return errno == Errno.ECHILD && HasExited(pidfd) ? false : throw (errno == Errno.ECHILD
                ? new InvalidOperationException(
                    "Only a child's state changes can be read: the kernel reports them to the parent.")
                : PosixException.From(errno, "waitid"));
        }
        if (info.si_pid == 0)
        {
            return false;
        }
        change = info.si_code == LibC.CLD_CONTINUED
            ? new ChildStateChange(ChildState.Continued, Signal.SIGCONT)
            : new ChildStateChange(ChildState.Stopped, Signal.OfKernel(info.si_status));
        return true;
    }

    private static ExitStatus Status(LibC.siginfo_t info) => info.si_code == LibC.CLD_EXITED
        ? new ExitStatus { Code = info.si_status & 0xff }
        : new ExitStatus { Signal = Signal.OfKernel(info.si_status), CoreDumped = info.si_code == LibC.CLD_DUMPED };
}
