using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>The file side of a FIFO: made with its final mode in one step, and opened only when it is what the caller may trust.</summary>
internal static class FifoFile
{
    /// <summary>Makes it under another name, gives it its mode, then its name: nobody sees it with another mode, whatever the umask.</summary>
    public static void Create(string path, UnixFileMode mode)
    {
        string unfinished = Path.Combine(Path.GetDirectoryName(path) ?? "", $".isthmus-{Guid.NewGuid():N}");
        LibC.Check(LibC.mkfifo(unfinished, 0), path, "mkfifo");
        try
        {
            LibC.Check(LibC.fchmodat(LibC.AT_FDCWD, unfinished, (uint)mode, LibC.AT_SYMLINK_NOFOLLOW), path, "fchmodat");
            if (LibC.linkat(LibC.AT_FDCWD, unfinished, LibC.AT_FDCWD, path, 0) != 0)
            {
                throw PosixException.From(Errno.Last, "linkat", path, Errno.Last == Errno.EEXIST ? "Unlink it, or choose another name." : null);
            }
        }
        finally
        {
            LibC.unlink(unfinished);
        }
    }

    /// <summary>Opens it; for writing, blocks until a reader is there unless <paramref name="access"/> says <c>O_NONBLOCK</c>.</summary>
    public static SafeFileHandle Open(string path, int access, FifoOpenOptions? options) =>
        TryOpen(path, access, options) ?? throw PosixException.From(Errno.ENXIO, "open", path);

    /// <summary>As <see cref="Open"/>, but null when no reader is there (<c>ENXIO</c>).</summary>
    public static SafeFileHandle? TryOpen(string path, int access, FifoOpenOptions? options)
    {
        while (true)
        {
            // Before it is opened: a device could act on being opened, and a socket gives ENXIO too.
            Check(FileStatus.At(path), path, options);
            SafeFileHandle handle = LibC.open(path, access | LibC.O_CLOEXEC | LibC.O_NOFOLLOW | LibC.O_NOCTTY);
            if (!handle.IsInvalid)
            {
                return Checked(handle, path, options);
            }
            Errno errno = Errno.Last;
            handle.Dispose();
            if (errno == Errno.ENXIO)
            {
                return null;
            }
            if (errno != Errno.EINTR)
            {
                throw PosixException.From(errno, "open", path);
            }
        }
    }

    public static void CheckIsFifo(LibC.statx status, string path)
    {
        if (!FileStatus.IsFifo(status))
        {
            bool isLink = (status.stx_mode & LibC.S_IFMT) == LibC.S_IFLNK;
            throw PosixException.From(
                isLink ? Errno.ELOOP : Errno.EINVAL, "open", path, $"It is {FileStatus.KindOf(status)}, not a FIFO; links are not followed.");
        }
    }

    // After it is opened: what stands at the name may have been replaced since.
    private static SafeFileHandle Checked(SafeFileHandle handle, string path, FifoOpenOptions? options)
    {
        try
        {
            Check(FileStatus.Of(handle, path), path, options);
            // It had to be non-blocking for opening only; blocking, a sync call is one system call.
            int flags = LibC.Check(LibC.fcntl(handle, LibC.F_GETFL));
            LibC.Check(LibC.fcntl(handle, LibC.F_SETFL, flags & ~LibC.O_NONBLOCK));
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void Check(LibC.statx status, string path, FifoOpenOptions? options)
    {
        CheckIsFifo(status, path);
        if (options is not { AnyOwner: true })
        {
            FileStatus.RequireTrustedOwner(status, "open", path);
        }
    }
}
