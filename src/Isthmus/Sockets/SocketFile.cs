using System.Globalization;
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

    /// <summary>A name for the open file that leads to it and nowhere else, while the handle is open.</summary>
    public static string PathOf(SafeFileHandle file) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}");

    public static unsafe LibC.statx Status(SafeHandle file)
    {
        LibC.statx status;
        LibC.Check(LibC.statx_at(file, "", LibC.AT_EMPTY_PATH, LibC.STATX_BASIC_STATS, &status), call: "statx");
        return status;
    }

    public static bool IsSame(SafeHandle one, SafeHandle other)
    {
        return Identity(Status(one)) == Identity(Status(other));

        static (ulong, uint, uint) Identity(in LibC.statx status) =>
            (status.stx_ino, status.stx_dev_major, status.stx_dev_minor);
    }

    /// <summary>
    /// The file, once its socket is found dead. That proof holds for ever: a dead inode never lives again.
    /// </summary>
    /// <exception cref="PosixException"><c>EADDRINUSE</c>: the socket is alive.</exception>
    public static SafeFileHandle OpenDead(SafeHandle directory, string name, string path)
    {
        SafeFileHandle file = OpenAt(directory, name);
        if (!UnixAddress.FromPath(PathOf(file)).IsBound())
        {
            return file;
        }
        file.Dispose();
        throw InUse(path);
    }

    /// <summary>
    /// Removes the name of a dead socket: moves it aside, which is atomic, then looks what was moved. Had somebody put
    /// another socket in its place since the proof, that one is moved back. The caller holds the directory's lock, so
    /// that two who do this never move each other's.
    /// </summary>
    /// <exception cref="PosixException"><c>EADDRINUSE</c>: the name is another socket's by now.</exception>
    public static void RemoveDead(SafeHandle directory, string name, SafeFileHandle dead, string path)
    {
        string aside = $".{name}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        LibC.Check(LibC.renameat2(directory, name, directory, aside, LibC.RENAME_NOREPLACE), path);
        using (SafeFileHandle moved = OpenAt(directory, aside))
        {
            if (IsSame(dead, moved))
            {
                LibC.Check(LibC.unlinkat(directory, aside, 0), path);
                return;
            }
        }
        LibC.Check(LibC.renameat2(directory, aside, directory, name, LibC.RENAME_NOREPLACE), path);
        throw InUse(path);
    }

    public static Exception InUse(string path) =>
        PosixException.From(Errno.EADDRINUSE, "bind", path, "A living socket has this name; stop its owner or choose another.");

    private static SafeFileHandle CheckSocket(SafeFileHandle file, string path)
    {
        uint kind = Status(file).stx_mode & LibC.S_IFMT;
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
