using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A file that gets its mode, its size and its content before its name: nobody finds it half made, and when its maker is killed
/// nothing is left.
/// </summary>
internal sealed class NewFile : IDisposable
{
    private readonly string? _temporary;

    private NewFile(SafeFileHandle handle, string? temporary)
    {
        Handle = handle;
        _temporary = temporary;
    }

    /// <summary>The caller's; disposing this object leaves it open.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>A file of no bytes that nobody may open.</summary>
    public static NewFile In(string directory, string name)
    {
        SafeFileHandle handle = LibC.open(directory, LibC.O_TMPFILE | LibC.O_RDWR | LibC.O_CLOEXEC, 0);
        if (!handle.IsInvalid)
        {
            return new NewFile(handle, null);
        }
        Errno errno = Errno.Last;
        handle.Dispose();
        // Not every file system has files without a name: NFS has not, nor has overlayfs of older kernels.
        return errno is Errno.EOPNOTSUPP or Errno.EISDIR
            ? WithTemporaryName(directory, name)
            : throw PosixException.From(errno, "open", name, errno == Errno.ENOENT ? $"There is no directory {directory}" : null);
    }

    /// <summary>Where there are no files without a name. When its maker is killed, this leaves <c>.isthmus-…</c> behind.</summary>
    public static NewFile WithTemporaryName(string directory, string name)
    {
        string temporary = Path.Combine(directory, $".isthmus-{Guid.NewGuid():N}");
        const int Flags = LibC.O_CREAT | LibC.O_EXCL | LibC.O_RDWR | LibC.O_CLOEXEC;
        return new NewFile(LibC.Check(LibC.open(temporary, Flags, 0), name), temporary);
    }

    /// <summary>Gives it its mode and its name.</summary>
    /// <exception cref="PosixException"><c>EEXIST</c>.</exception>
    public void Publish(string path, string name, UnixFileMode mode)
    {
        LibC.Check(LibC.fchmod(Handle, (uint)mode), name);
        string from = _temporary ?? ProcFs.PathOf(Handle);
        if (LibC.linkat(LibC.AT_FDCWD, from, LibC.AT_FDCWD, path, LibC.AT_SYMLINK_FOLLOW) != 0)
        {
            throw PosixException.From(Errno.Last, "linkat", name, Errno.Last == Errno.EEXIST ? "Unlink it, open it, or choose another name." : null);
        }
    }

    public void Dispose()
    {
        if (_temporary is not null)
        {
            _ = LibC.unlink(_temporary);
        }
    }
}
