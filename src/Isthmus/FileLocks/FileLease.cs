using System.Diagnostics.CodeAnalysis;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A lease on a file (<c>F_SETLEASE</c>, <c>fcntl(2)</c>): whoever wants to open the file (or truncate it) in a way that
/// conflicts, has to wait until the holder, who is told, gives the lease up; so that a cache can be written back first.
/// Unlike a lock it stops everybody, whether they ask or not, but only for a while: after <see cref="BreakTime"/> the kernel
/// takes it away.
/// </summary>
/// <remarks>
/// The kernel tells the holder by a signal, whose default would end the process. That signal is turned off here, for the
/// whole open file description, and the lease is looked at instead. Thread-safe. Local file systems only.
/// </remarks>
public sealed class FileLease : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    private readonly SafeFileHandle _file;
    private volatile int _kind;
    private int _released;

    private FileLease(SafeFileHandle file, FileLeaseKind kind)
    {
        _file = file;
        _kind = (int)kind;
    }

    /// <summary>
    /// How long an opener waits for the holder before the kernel takes the lease away: <c>fs.lease-break-time</c>, 45 seconds
    /// unless changed. Null where it is not shown.
    /// </summary>
    public static TimeSpan? BreakTime => Sysctl.Read("fs.lease-break-time") is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>What was acquired, or downgraded to.</summary>
    public FileLeaseKind Kind => (FileLeaseKind)_kind;

    /// <summary>
    /// True while somebody waits for this lease to be given up, or downgraded when <see cref="Demanded"/> says so; and when
    /// the kernel has taken it away.
    /// </summary>
    public bool IsBreaking => Demanded != Kind;

    /// <summary>
    /// What the lease is to become for those who wait, or has become: null for none at all. <see cref="Kind"/> while nobody
    /// waits (<c>F_GETLEASE</c>).
    /// </summary>
    public FileLeaseKind? Demanded => LibC.Check(LibC.fcntl(_file, LibC.F_GETLEASE), null, "fcntl") switch
    {
        LibC.F_RDLCK => FileLeaseKind.Read,
        LibC.F_WRLCK => FileLeaseKind.Write,
        _ => null,
    };

    /// <summary>Acquires a lease on an open file; at once or not at all, because there is nothing to wait for.</summary>
    /// <param name="file">The file. It stays the caller's; the lease ends when it is closed. It may have one lease at a time.</param>
    /// <param name="kind">What the lease protects from.</param>
    /// <param name="lease">The lease.</param>
    /// <returns>
    /// False when the file is open elsewhere in a way that conflicts; for a read lease also when <paramref name="file"/>
    /// itself may write.
    /// </returns>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: the file is another user's (that needs CAP_LEASE).</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: no regular file, or its file system has no leases.</exception>
    public static bool TryAcquire(SafeFileHandle file, FileLeaseKind kind, [NotNullWhen(true)] out FileLease? lease)
    {
        ArgumentNullException.ThrowIfNull(file);
        // Before the lease, SIGIO must be out of the way, whose default is to end the process: SIGWINCH does no harm.
        LibC.Check(LibC.fcntl(file, LibC.F_SETSIG, Signal.SIGWINCH.Number), null, "fcntl");
        lease = null;
        if (LibC.fcntl(file, LibC.F_SETLEASE, TypeOf(kind)) < 0)
        {
            return Errno.Last switch
            {
                Errno.EAGAIN => false,
                var errno => throw PosixException.From(errno, "fcntl", null, errno switch
                {
                    Errno.EACCES => "Only the owner of a file may have a lease on it, or who has CAP_LEASE.",
                    Errno.EINVAL => "Only regular files of local file systems have leases.",
                    _ => null,
                }),
            };
        }
        // After the lease, which makes us the one who is told: nobody is.
        LibC.Check(LibC.fcntl(file, LibC.F_SETOWN, 0), null, "fcntl");
        lease = new FileLease(file, kind);
        return true;
    }

    /// <summary>
    /// Completes when somebody waits for the lease, or the kernel has taken it away; gives what it is to become, null for none at all. Then
    /// <see cref="Release"/> or <see cref="Downgrade"/> it: the other one waits.
    /// </summary>
    /// <remarks>It looks every 5 ms, without a thread.</remarks>
    public async Task<FileLeaseKind?> WaitForBreakAsync(CancellationToken cancellationToken = default)
    {
        using PeriodicTimer timer = new(s_pause);
        do
        {
            FileLeaseKind? demanded = Demanded;
            if (demanded != Kind)
            {
                return demanded;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        return null;
    }

    /// <summary>
    /// Turns a write lease into a read lease: lets those in who only want to read. The descriptor must be for reading only.
    /// </summary>
    /// <exception cref="PosixException"><c>EAGAIN</c>: the file is open for writing, perhaps by <c>file</c> itself.</exception>
    public void Downgrade()
    {
        if (LibC.fcntl(_file, LibC.F_SETLEASE, LibC.F_RDLCK) < 0)
        {
            throw PosixException.From(Errno.Last, "fcntl", null, "A read lease is for files that nobody has open for writing, not even its holder.");
        }
        _kind = (int)FileLeaseKind.Read;
    }

    /// <summary>Gives the lease up: those who wait go on.</summary>
    /// <returns>False when it was gone: given up before, or taken away by the kernel after <see cref="BreakTime"/>.</returns>
    public bool Release()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0)
        {
            return false; // A lease that the descriptor has now is another one's.
        }
        if (LibC.fcntl(_file, LibC.F_SETLEASE, LibC.F_UNLCK) >= 0)
        {
            return true;
        }
        return Errno.Last == Errno.EAGAIN ? false : throw PosixException.From(Errno.Last, "fcntl");
    }

    /// <summary>Gives the lease up, if it is still there. The file stays open.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0 && !_file.IsClosed)
        {
            _ = LibC.fcntl(_file, LibC.F_SETLEASE, LibC.F_UNLCK);
        }
    }

    private static int TypeOf(FileLeaseKind kind) => kind == FileLeaseKind.Read ? LibC.F_RDLCK : LibC.F_WRLCK;
}
