using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// One process, held by a descriptor (<c>pidfd_open(2)</c>): while the handle is open it means this process and never
/// a later one with the same number. It may be any process, not only a child. Thread-safe.
/// </summary>
/// <remarks>
/// Opening, holding or disposing a handle changes nothing for the process, and leaves the zombie of a child that
/// something else started (<c>System.Diagnostics.Process</c>, say) to whom it belongs.
/// </remarks>
public sealed partial class ProcessHandle : IDisposable
{
    private readonly SafeFileHandle _pidfd;
    private readonly Lock _lock = new();
    private ProcessIdentity? _identity;

    // Of a child that this library started, the zombie is ours to reap.
    private readonly bool _reaps;
    private bool _disposed;

    private ProcessHandle(int pid, SafeFileHandle pidfd, ProcessIdentity? identity, bool reaps, long started = 0)
    {
        Id = pid;
        _pidfd = pidfd;
        _identity = identity;
        _reaps = reaps;
        _started = started;
        if (!reaps)
        {
            GC.SuppressFinalize(this);
        }
    }

    /// <summary>A child that nobody disposed of is reaped all the same.</summary>
    ~ProcessHandle()
    {
        if (!HasSettled)
        {
            // The same descriptor cannot be watched twice; a wait that was cancelled left it watched.
            _watch?.Dispose();
            ChildReaper.ReapLater(_pidfd, Id);
        }
    }

    /// <summary>The process's number (pid). Another process may get it once this one has ended and is reaped.</summary>
    public int Id { get; }

    /// <summary>What names this process for ever.</summary>
    /// <exception cref="PlatformNotSupportedException">/proc is that of another pid namespace.</exception>
    /// <exception cref="PosixException"><c>ESRCH</c> it was gone before its start time could be read.</exception>
    public ProcessIdentity Identity
    {
        get
        {
            lock (_lock)
            {
                return _identity ??= ReadIdentity();
            }
        }
    }

    /// <summary>Opens the process that has the number <paramref name="pid"/> now; a zombie counts.</summary>
    /// <exception cref="PosixException">
    /// <c>ESRCH</c> there is none, or the number is a thread's; <c>EMFILE</c> too many open files.
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">/proc is that of another pid namespace.</exception>
    public static ProcessHandle Open(int pid) =>
        TryOpen(pid, out ProcessHandle? process) ? process : throw ProcessIdentity.NoSuchProcess(pid);

    /// <summary>Opens exactly this process.</summary>
    /// <exception cref="PosixException">
    /// <c>ESRCH</c> it has ended, whoever has its number now, or it lives in another pid namespace or on another
    /// machine.
    /// </exception>
    public static ProcessHandle Open(ProcessIdentity identity) => TryOpen(identity, out ProcessHandle? process)
        ? process
        : throw ProcessIdentity.NoSuchProcess(
            identity.Id,
            identity.IsLocal ? "It has ended" : "It belongs to another pid namespace or run of the machine");

    /// <summary>As <see cref="Open(int)"/>; false when there is no such process.</summary>
    /// <inheritdoc cref="Open(int)"/>
    public static bool TryOpen(int pid, [NotNullWhen(true)] out ProcessHandle? process)
    {
        process = null;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pid);
        if (!PidFd.TryOpen(pid, out SafeFileHandle? pidfd))
        {
            return false;
        }
        // What /proc says of the number is about our process if that still holds the number afterwards.
        if (!ProcessIdentity.TryOf(pid, out ProcessIdentity identity) || !PidFd.HoldsItsNumber(pidfd))
        {
            pidfd.Dispose();
            return false;
        }
        process = new ProcessHandle(pid, pidfd, identity, reaps: false);
        return true;
    }

    /// <summary>
    /// As <see cref="Open(ProcessIdentity)"/>; false when the process has ended or is none of this system's.
    /// </summary>
    /// <inheritdoc cref="Open(ProcessIdentity)"/>
    public static bool TryOpen(ProcessIdentity identity, [NotNullWhen(true)] out ProcessHandle? process)
    {
        process = null;
        if (!identity.IsLocal || !TryOpen(identity.Id, out ProcessHandle? candidate))
        {
            return false;
        }
        if (candidate.Identity != identity)
        {
            candidate.Dispose();
            return false;
        }
        process = candidate;
        return true;
    }

    /// <summary>
    /// Takes over a pidfd: of a socket's peer (<see cref="UnixSocket.OpenPeerPidfd"/>), received, or inherited. It
    /// closes with the result; when it is refused it stays the caller's.
    /// </summary>
    /// <exception cref="ArgumentException">The descriptor is no pidfd.</exception>
    /// <exception cref="PosixException">
    /// <c>ESRCH</c> the process has ended and been reaped, or is in a pid namespace that cannot be seen from here.
    /// </exception>
    public static ProcessHandle FromHandle(SafeFileHandle pidfd)
    {
        ArgumentNullException.ThrowIfNull(pidfd);
        int pid = PidFd.NumberOf(pidfd);
        return pid > 0 && ProcessIdentity.TryOf(pid, out ProcessIdentity identity) && PidFd.HoldsItsNumber(pidfd)
            ? new ProcessHandle(pid, pidfd, identity, reaps: false)
            : throw ProcessIdentity.NoSuchProcess(pid, "It has ended, or cannot be seen from this pid namespace");
    }

    /// <summary>
    /// Closes the handle; the process goes on. Async waits on it end with <see cref="ObjectDisposedException"/>. A
    /// child that <see cref="ChildProcess"/> started is reaped when it ends later.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
            ReapKeptZombie();
        }
        GC.SuppressFinalize(this);
        Volatile.Read(ref _watch)?.Dispose();
        if (_reaps && Look(out _) == WaitOutcome.Running)
        {
            ChildReaper.ReapLater(_pidfd, Id);
        }
        else
        {
            _pidfd.Dispose();
        }
    }

    /// <summary>
    /// A child that this process has just started and that nobody has waited for. The handle reaps it, exactly once.
    /// </summary>
    /// <param name="pid">Its number.</param>
    /// <param name="birth">The moment just before it was started.</param>
    internal static ProcessHandle OfChild(int pid, Birth birth)
    {
        ProcessHandle child;
        if (PidFd.TryOpen(pid, out SafeFileHandle? pidfd))
        {
            child = new ProcessHandle(pid, pidfd, IdentityOrNull(pid, birth), reaps: true, birth.Timestamp);
            ChildReaper.Add(pid, pidfd);
        }
        else
        {
            // SIGCHLD is ignored, or we are pid 1 and the runtime reaps all: it has ended and nobody will know how.
            child = new ProcessHandle(pid, new SafeFileHandle(), null, reaps: false);
            child.Settle(ExitStatus.Unknown);
            Guardian.LeaderReaped(pid);
        }
        return child;
    }

    // What /proc says of the number is about our process if that still holds the number afterwards.
    private ProcessIdentity ReadIdentity() =>
        !_pidfd.IsInvalid && ProcessIdentity.TryOf(Id, out ProcessIdentity identity) && PidFd.HoldsItsNumber(_pidfd)
            ? identity
            : throw ProcessIdentity.NoSuchProcess(Id, "It ended before its start time was read");

    private static ProcessIdentity? IdentityOrNull(int pid, Birth birth)
    {
        try
        {
            return birth.TryGetStartTime(out long startTime) ? ProcessIdentity.StartedAt(pid, startTime)
                : ProcessIdentity.TryOf(pid, out ProcessIdentity identity) ? identity
                : null;
        }
        catch (Exception error) when (error is PlatformNotSupportedException or IOException or UnauthorizedAccessException)
        {
            return null; // A child can be started and awaited without /proc, or a descriptor to read it by.
        }
    }
}
