using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The system calls of the three flavours. As an operation: takes the lock, or changes its mode.</summary>
internal readonly struct FileLockCall(SafeHandle file, string? name, FileLockKind kind, FileLockRange range, FileLockMode mode)
    : IBlockingOperation<bool>
{
    public PollOutcome Run(bool noWait, out bool result)
    {
        result = true;
        int done = kind == FileLockKind.Flock
            ? LibC.flock_on(file, (mode == FileLockMode.Shared ? LibC.LOCK_SH : LibC.LOCK_EX) | (noWait ? LibC.LOCK_NB : 0))
            : Set(Command(noWait), LockType);
        if (done >= 0)
        {
            return PollOutcome.Done;
        }
        Errno errno = Errno.Last;
        return errno switch
        {
            Errno.EINTR => PollOutcome.Interrupted,
            // POSIX lets a system choose which of them says that somebody else holds it.
            Errno.EAGAIN or Errno.EACCES when noWait => PollOutcome.WouldBlock,
            _ => throw Failure(errno),
        };
    }

    /// <summary>Gives the lock up; 0, or -1 with errno.</summary>
    public int Unlock() => kind == FileLockKind.Flock ? LibC.flock_on(file, LibC.LOCK_UN) : Set(Command(noWait: true), LibC.F_UNLCK);

    /// <summary>The first lock that stands in the way of this one; null when none does. Not for flock.</summary>
    public unsafe FileLockHolder? FindConflict()
    {
        LibC.flock description = Describe(LockType);
        if (LibC.fcntl(file, kind == FileLockKind.Ofd ? LibC.F_OFD_GETLK : LibC.F_GETLK, &description) < 0)
        {
            throw Failure(Errno.Last);
        }
        // An open file description has no process: the kernel says -1.
        bool isOfd = description.l_pid == -1;
        return description.l_type == LibC.F_UNLCK ? null : new FileLockHolder(
            isOfd ? FileLockKind.Ofd : FileLockKind.Posix,
            description.l_type == LibC.F_RDLCK ? FileLockMode.Shared : FileLockMode.Exclusive,
            new FileLockRange(description.l_start, description.l_len),
            // 0: a process that this pid namespace does not show.
            isOfd || description.l_pid == 0 ? null : description.l_pid,
            null);
    }

    public Exception Failure(Errno errno) => PosixException.From(errno, kind == FileLockKind.Flock ? "flock" : "fcntl", name, errno switch
    {
        Errno.EBADF => "An exclusive lock needs a descriptor that is open for writing, a shared one for reading.",
        Errno.EDEADLK => "Deadlock: who holds it waits for a lock of this process. Nothing was acquired; release what you hold, then try again.",
        Errno.ENOLCK => "The table of locks is full, or the file server's lock service does not answer.",
        Errno.EINVAL or Errno.EOPNOTSUPP => "This file, or its file system, has no locks of this kind.",
        _ => null,
    });

    private short LockType => mode == FileLockMode.Shared ? LibC.F_RDLCK : LibC.F_WRLCK;

    private int Command(bool noWait) => (kind, noWait) switch
    {
        (FileLockKind.Ofd, true) => LibC.F_OFD_SETLK,
        (FileLockKind.Ofd, false) => LibC.F_OFD_SETLKW,
        (_, true) => LibC.F_SETLK,
        (_, false) => LibC.F_SETLKW,
    };

    private unsafe int Set(int command, short type)
    {
        LibC.flock description = Describe(type);
        return LibC.fcntl(file, command, &description);
    }

    // From the beginning of the file (SEEK_SET is 0); an OFD lock demands that the process is 0.
    private LibC.flock Describe(short type) => new() { l_type = type, l_start = range.Start, l_len = range.Length };
}
