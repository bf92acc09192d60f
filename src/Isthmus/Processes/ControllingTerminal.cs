using System.Globalization;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>The terminal of this process's session, <c>/dev/tty</c> (<c>credentials(7)</c>, <c>tcsetpgrp(3)</c>).</summary>
public static class ControllingTerminal
{
    private const string Device = "/dev/tty";

    /// <summary>True when this process has a controlling terminal.</summary>
    public static bool Exists
    {
        get
        {
            using SafeFileHandle terminal = Open();
            return !terminal.IsInvalid;
        }
    }

    /// <summary>True when this process's group is the foreground group of its controlling terminal; false also without one.</summary>
    public static bool IsForeground
    {
        get
        {
            using SafeFileHandle terminal = Open();
            return !terminal.IsInvalid && LibC.tcgetpgrp(terminal) == LibC.getpgid(0);
        }
    }

    /// <summary>The process group that may read the terminal and gets its Ctrl+C.</summary>
    /// <exception cref="PosixException"><c>ENXIO</c>: there is no controlling terminal.</exception>
    public static int ForegroundGroup
    {
        get
        {
            using SafeFileHandle terminal = LibC.Check(Open(), Device);
            return LibC.Check(LibC.tcgetpgrp(terminal), Device);
        }
    }

    /// <summary>Makes this process's own group the foreground group, again.</summary>
    /// <inheritdoc cref="SetForegroundGroup"/>
    public static void TakeBack() => SetForegroundGroup(LibC.getpgid(0));

    /// <summary>
    /// Gives the terminal to a process group of this session; also from the background, where the kernel otherwise stops the
    /// caller by SIGTTOU.
    /// </summary>
    /// <exception cref="PosixException"><c>ENXIO</c>: there is no controlling terminal; <c>EPERM</c>: the group is
    /// empty or of another session.</exception>
    public static unsafe void SetForegroundGroup(int processGroup)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(processGroup);
        using SafeFileHandle terminal = LibC.Check(Open(), Device);
        LibC.sigset_t stop = default, before;
        stop[0] = 1ul << (Signal.SIGTTOU.Number - 1);
        LibC.CheckReturned(LibC.pthread_sigmask(LibC.SIG_BLOCK, &stop, &before));
        int result = LibC.tcsetpgrp(terminal, processGroup);
        Errno errno = Errno.Last;
        LibC.CheckReturned(LibC.pthread_sigmask(LibC.SIG_SETMASK, &before, null));
        if (result < 0)
        {
            throw PosixException.From(errno, "tcsetpgrp", processGroup.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static SafeFileHandle Open() => LibC.open(Device, LibC.O_RDWR | LibC.O_CLOEXEC | LibC.O_NOCTTY);
}
