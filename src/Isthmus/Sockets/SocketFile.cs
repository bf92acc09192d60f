using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// The file that stands for a socket bound to a path, held by its inode, so that what was checked is what is used:
/// whoever exchanges the name meanwhile changes nothing.
/// </summary>
internal static class SocketFile
{
    private static readonly int s_nameOnly = LibC.O_PATH | LibC.O_NOFOLLOW | LibC.O_CLOEXEC;

    /// <summary>Opens the file itself, following no link.</summary>
    /// <exception cref="PosixException"><c>ELOOP</c>: a symbolic link; <c>ENOTSOCK</c>: any other file.</exception>
    public static SafeFileHandle Open(string path) => CheckSocket(LibC.Check(LibC.open(path, s_nameOnly), path), path);

    /// <inheritdoc cref="Open"/>
    public static SafeFileHandle OpenAt(SafeHandle directory, string name) =>
        CheckSocket(LibC.Check(LibC.openat(directory, name, s_nameOnly), name), name);

    /// <summary>Whether the name in the directory is that of the file; no descriptor is opened to know it.</summary>
    public static bool IsAt(SafeHandle directory, string name, SafeHandle file) =>
        TryStatus(directory, name, out LibC.statx now) && FileStatus.IsSame(now, FileStatus.Of(file));

    /// <summary>Whether a socket, of whomever, has the name in the directory.</summary>
    public static bool IsSocketAt(SafeHandle directory, string name) =>
        TryStatus(directory, name, out LibC.statx now) && (now.stx_mode & LibC.S_IFMT) == LibC.S_IFSOCK;

    /// <summary>
    /// The file, once its socket is found dead; null when it lives. That proof holds for ever: a dead inode never lives
    /// again.
    /// </summary>
    public static SafeFileHandle? TryOpenDead(SafeHandle directory, string name)
    {
        SafeFileHandle file = OpenAt(directory, name);
        try
        {
            if (!UnixAddress.FromPath(ProcFs.PathOf(file)).IsBound())
            {
                return file;
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }
        file.Dispose();
        return null;
    }

    /// <summary>
    /// Removes the name of a dead socket: moves it aside, which is atomic, then looks what was moved. Had somebody put
    /// another file in its place since the proof, that one is moved back, and the answer is false. The caller holds the
    /// directory's lock, so that two who do this never move each other's.
    /// </summary>
    public static bool TryRemoveDead(SafeHandle directory, string name, SafeFileHandle dead, string path)
    {
        string aside = $".{name}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        LibC.Check(LibC.renameat2(directory, name, directory, aside, LibC.RENAME_NOREPLACE), path);
        if (IsAt(directory, aside, dead))
        {
            LibC.Check(LibC.unlinkat(directory, aside, 0), path);
            return true;
        }
        LibC.Check(LibC.renameat2(directory, aside, directory, name, LibC.RENAME_NOREPLACE), path);
        return false;
    }

    public static Exception InUse(string path) =>
        PosixException.From(Errno.EADDRINUSE, "bind", path, "A living socket has this name; stop its owner or choose another.");

    private static unsafe bool TryStatus(SafeHandle directory, string name, out LibC.statx status)
    {
        fixed (LibC.statx* result = &status)
        {
            return LibC.statx_at(directory, name, LibC.AT_SYMLINK_NOFOLLOW, LibC.STATX_BASIC_STATS, result) == 0
                || (Errno.Last == Errno.ENOENT ? false : throw PosixException.From(Errno.Last, "statx", name));
        }
    }

    private static SafeFileHandle CheckSocket(SafeFileHandle file, string path)
    {
        uint kind = FileStatus.Of(file).stx_mode & LibC.S_IFMT;
        if (kind == LibC.S_IFSOCK)
        {
            return file;
        }
        file.Dispose();
        const string LinkHint = "The name is a symbolic link, whose maker chooses the peer; name the socket itself.";
        throw kind == LibC.S_IFLNK
            ? PosixException.From(Errno.ELOOP, "open", path, LinkHint)
            : PosixException.From(Errno.ENOTSOCK, "open", path, "The file is no socket.");
    }
}
