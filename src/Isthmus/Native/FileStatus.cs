using System.Runtime.InteropServices;

namespace Isthmus.Native;

/// <summary>What the kernel knows about a file (<c>statx(2)</c>).</summary>
internal static unsafe class FileStatus
{
    /// <summary>Of an open file.</summary>
    public static LibC.statx Of(SafeHandle handle, string? name = null)
    {
        LibC.statx status;
        LibC.Check(LibC.statx_at(handle, "", LibC.AT_EMPTY_PATH, LibC.STATX_BASIC_STATS, &status), name, "statx");
        return status;
    }

    /// <summary>Of what stands at a path; of a symbolic link itself, not of what it leads to.</summary>
    public static LibC.statx At(string path) =>
        TryAt(path, out LibC.statx status) ? status : throw PosixException.From(Errno.Last, "statx", path);

    /// <summary>As <see cref="At"/>, but false, with errno set, when that fails.</summary>
    public static bool TryAt(string path, out LibC.statx status)
    {
        LibC.statx found;
        int result = LibC.statx_at(LibC.AT_FDCWD, path, LibC.AT_SYMLINK_NOFOLLOW, LibC.STATX_BASIC_STATS, &found);
        status = found;
        return result == 0;
    }

    /// <summary>Of the file that a path leads to, through links.</summary>
    public static LibC.statx Behind(string path) =>
        TryBehind(path, out LibC.statx status) ? status : throw PosixException.From(Errno.Last, "statx", path);

    /// <summary>As <see cref="Behind"/>, but false, with errno set, when that fails.</summary>
    public static bool TryBehind(string path, out LibC.statx status)
    {
        LibC.statx found;
        int result = LibC.statx_at(LibC.AT_FDCWD, path, 0, LibC.STATX_BASIC_STATS, &found);
        status = found;
        return result == 0;
    }

    /// <summary>Refuses an object that another user owns: it could be a trap. Root's are trusted.</summary>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>.</exception>
    public static void RequireTrustedOwner(LibC.statx status, string call, string name)
    {
        if (status.stx_uid != 0 && status.stx_uid != LibC.geteuid())
        {
            throw PosixException.From(
                Errno.EPERM, call, name, $"It belongs to user {status.stx_uid}; to open it nevertheless, accept any owner.");
        }
    }

    /// <summary>What kind of file it is, for people.</summary>
    public static string KindOf(LibC.statx status) => (status.stx_mode & LibC.S_IFMT) switch
    {
        LibC.S_IFIFO => "a pipe or FIFO",
        LibC.S_IFSOCK => "a socket",
        LibC.S_IFDIR => "a directory",
        LibC.S_IFREG => "a regular file",
        LibC.S_IFLNK => "a symbolic link",
        LibC.S_IFCHR => "a character device",
        _ => "a file of another kind",
    };

    /// <summary>Its mode for people, as chmod(1) takes it.</summary>
    public static string ModeOf(LibC.statx status) => "0" + Convert.ToString(status.stx_mode & 0xFFF, 8);

    /// <summary>Whether both are the same file. Of one that is held open: its number is not used again meanwhile.</summary>
    public static bool IsSame(in LibC.statx one, in LibC.statx other) =>
        (one.stx_ino, one.stx_dev_major, one.stx_dev_minor) == (other.stx_ino, other.stx_dev_major, other.stx_dev_minor);

    public static bool IsFifo(LibC.statx status) => (status.stx_mode & LibC.S_IFMT) == LibC.S_IFIFO;
}
