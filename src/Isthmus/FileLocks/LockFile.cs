using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>Opens files to be locked, only when they are what the caller may trust.</summary>
internal static class LockFile
{
    public static SafeFileHandle Open(string path, FileLockOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TryOpen(path, options) ?? throw PosixException.From(Errno.ENOENT, "open", path);
    }

    public static SafeFileHandle OpenOrCreate(string path, FileLockOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle? found;
        while ((found = TryOpen(path, options)) is null)
        {
            TryCreate(path, options);
        }
        return found;
    }

    /// <summary>Throws unless it is a regular file.</summary>
    public static void CheckIsFile(LibC.statx status, string path)
    {
        uint kind = status.stx_mode & LibC.S_IFMT;
        if (kind != LibC.S_IFREG)
        {
            throw PosixException.From(
                kind == LibC.S_IFLNK ? Errno.ELOOP : Errno.EINVAL, "open", path,
                $"It is {FileStatus.KindOf(status)}, not a regular file; links are not followed.");
        }
    }

    private static SafeFileHandle? TryOpen(string path, FileLockOptions options)
    {
        // Before it is opened: a device could act on being opened.
        if (!FileStatus.TryAt(path, out LibC.statx status))
        {
            return Errno.Last == Errno.ENOENT ? null : throw PosixException.From(Errno.Last, "open", path);
        }
        Check(status, path, options);
        // Without O_NONBLOCK a FIFO that was put there meanwhile would hold us, or a lease.
        int flags = AccessFlag(options.Access) | LibC.O_NONBLOCK | LibC.O_CLOEXEC | LibC.O_NOFOLLOW | LibC.O_NOCTTY;
        SafeFileHandle handle;
        while ((handle = LibC.open(path, flags)).IsInvalid)
        {
            Errno errno = Errno.Last;
            handle.Dispose();
            if (errno == Errno.ENOENT)
            {
                return null;
            }
            if (errno != Errno.EINTR)
            {
                throw PosixException.From(errno, "open", path, errno == Errno.EAGAIN ? "A lease on it is being broken: try again soon." : null);
            }
        }
        return Checked(handle, path, options);
    }

    // It has its mode before its name. When somebody else was faster, that one's file is opened.
    private static void TryCreate(string path, FileLockOptions options)
    {
        string directory = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        using NewFile file = NewFile.In(directory, path);
        using SafeFileHandle handle = file.Handle;
        try
        {
            file.Publish(path, path, options.CreateMode);
        }
        catch (PosixException error) when (error.Errno == Errno.EEXIST)
        {
        }
    }

    // After it is opened: what stands at the name may have been replaced since.
    private static SafeFileHandle Checked(SafeFileHandle handle, string path, FileLockOptions options)
    {
        try
        {
            Check(FileStatus.Of(handle, path), path, options);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void Check(LibC.statx status, string path, FileLockOptions options)
    {
        CheckIsFile(status, path);
        if (!options.AnyOwner)
        {
            FileStatus.RequireTrustedOwner(status, "open", path);
        }
    }

    private static int AccessFlag(FileAccess access) => access switch
    {
        FileAccess.Read => LibC.O_RDONLY,
        FileAccess.Write => LibC.O_WRONLY,
        _ => LibC.O_RDWR,
    };
}
