using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// The path that a socket of this process is bound to. Holds the inode of its file, so that the number cannot be used
/// again and <see cref="Unlink"/> knows its own.
/// </summary>
internal sealed class BoundName : IDisposable
{
    private readonly SafeFileHandle _directory;
    private readonly SafeFileHandle _file;
    private readonly string _name;
    private readonly string _path;

    private BoundName(SafeFileHandle directory, string path, UnixFileMode mode)
    {
        _directory = directory;
        _path = path;
        _name = Path.GetFileName(path);
        _file = SocketFile.OpenAt(directory, _name);
        if ((FileStatus.Of(_file).stx_mode & 0xFFF) != (uint)mode)
        {
            // bind(2) subtracted the umask; this only ever widens, up to what was asked for.
            LibC.Check(LibC.chmod(ProcFs.PathOf(_file), (uint)mode), path);
        }
    }

    /// <summary>Binds the socket; null when the address is no path.</summary>
    public static BoundName? Bind(SafeHandle socket, UnixAddress address, UnixBindOptions options)
    {
        if (address.Path is not { } path)
        {
            return TryBind(socket, address)
                ? null
                : throw PosixException.From(Errno.EADDRINUSE, "bind", address.ToString(), "The name is taken.");
        }
        SafeFileHandle directory = OpenDirectory(path, options.AllowUntrustedDirectory);
        try
        {
            // The file gets its mode from the socket, when it comes into being.
            LibC.Check(LibC.fchmod(socket, (uint)options.Mode), path);
            if (!TryBind(socket, address))
            {
                TakeOver(socket, address, path, directory, options);
            }
            return Claim(directory, path, options.Mode);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Removes the name of a dead socket; false when a living one has it.</summary>
    public static bool TryUnlinkDead(string path)
    {
        // Also where others may exchange names: nothing is trusted, and only what was proved dead is removed.
        using SafeFileHandle directory = OpenDirectory(path, allowUntrusted: true);
        using SafeFileHandle locked = DirectoryLock.Take(directory, path);
        return TryRemoveDead(directory, path);
    }

    /// <summary>Removes the name if it is still this socket's; false when it is gone or another's.</summary>
    public bool Unlink() =>
        SocketFile.IsAt(_directory, _name, _file) && LibC.Check(LibC.unlinkat(_directory, _name, 0), _path) == 0;

    public void Dispose()
    {
        _file.Dispose();
        _directory.Dispose();
    }

    private static BoundName Claim(SafeFileHandle directory, string path, UnixFileMode mode)
    {
        try
        {
            return new BoundName(directory, path, mode);
        }
        catch
        {
            string name = Path.GetFileName(path);
            // What is no socket stands there instead of ours, and is somebody else's.
            if (SocketFile.IsSocketAt(directory, name))
            {
                _ = LibC.unlinkat(directory, name, 0);
            }
            throw;
        }
    }

    private static void TakeOver(
        SafeHandle socket, UnixAddress address, string path, SafeFileHandle directory, UnixBindOptions options)
    {
        if (!options.TakeOverStaleName)
        {
            const string Hint = "The name exists. If its owner is dead, unlink it, or set TakeOverStaleName.";
            throw PosixException.From(Errno.EADDRINUSE, "bind", path, Hint);
        }
        using SafeFileHandle locked = DirectoryLock.Take(directory, path);
        try
        {
            if (!TryRemoveDead(directory, path))
            {
                throw SocketFile.InUse(path);
            }
        }
        catch (FileNotFoundException)
        {
            // Somebody else removed it meanwhile.
        }
        if (!TryBind(socket, address))
        {
            throw SocketFile.InUse(path);
        }
    }

    private static bool TryRemoveDead(SafeFileHandle directory, string path)
    {
        string name = Path.GetFileName(path);
        using SafeFileHandle? dead = SocketFile.TryOpenDead(directory, name);
        return dead is not null && SocketFile.TryRemoveDead(directory, name, dead, path);
    }

    private static unsafe bool TryBind(SafeHandle socket, UnixAddress address)
    {
        uint length = address.WriteTo(out LibC.sockaddr_un name);
        if (LibC.bind(socket, &name, length) == 0)
        {
            return true;
        }
        return Errno.Last == Errno.EADDRINUSE
            ? false
            : throw PosixException.From(Errno.Last, "bind", address.ToString());
    }

    private static SafeFileHandle OpenDirectory(string path, bool allowUntrusted)
    {
        string name = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        SafeFileHandle directory = LibC.Check(LibC.open(name, LibC.O_PATH | LibC.O_DIRECTORY | LibC.O_CLOEXEC), name);
        const uint Sticky = 0x200, WritableByOthers = 2;
        LibC.statx status = FileStatus.Of(directory);
        bool foreign = status.stx_uid != 0 && status.stx_uid != LibC.geteuid();
        if (allowUntrusted || (!foreign && (status.stx_mode & (Sticky | WritableByOthers)) != WritableByOthers))
        {
            return directory;
        }
        directory.Dispose();
        const string Hint = "Other users may exchange names in this directory; use one of your own, or set AllowUntrustedDirectory.";
        throw PosixException.From(Errno.EACCES, "bind", path, Hint);
    }
}
