using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

/// <summary>
/// A directory held open, whose files are read by name into the caller's buffers: for sweeps over <c>/proc</c>, where a string or a
/// handle for each of ten thousand files would cost more than the kernel does. Names are UTF-8 and end with NUL.
/// </summary>
/// <remarks>
/// What is opened here stays what it is: a directory of a process that has ended reads as empty or fails with <c>ESRCH</c>, and never
/// shows a later process with the same number. Failures are returned as negative error numbers.
/// </remarks>
internal sealed unsafe class DirectoryReader : IDisposable
{
    // O_NONBLOCK: what is read here is no FIFO, but a name may have been changed into one.
    private const int OpenFlags = LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_CLOEXEC;

    private readonly SafeFileHandle _handle;

    private DirectoryReader(SafeFileHandle handle) => _handle = handle;

    /// <summary>Null when it cannot be opened.</summary>
    public static DirectoryReader? TryOpen(string path, out Errno errno) =>
        From(LibC.open(path, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC), out errno);

    /// <summary>A directory below this one; null when it cannot be opened.</summary>
    public DirectoryReader? TryOpen(ReadOnlySpan<byte> name, out Errno errno)
    {
        fixed (byte* path = Terminated(name))
        {
            return From(LibC.openat_bytes(_handle, path, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC, 0), out errno);
        }
    }

    /// <summary>The next entries as <c>getdents64(2)</c> writes them; 0 at the end.</summary>
    public int ReadEntries(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return ResultOf(LibC.getdents64(_handle, bytes, (nuint)buffer.Length));
        }
    }

    /// <summary>What a symbolic link says; its length.</summary>
    public int ReadLink(ReadOnlySpan<byte> name, Span<byte> text)
    {
        fixed (byte* path = Terminated(name), bytes = text)
        {
            return ResultOf(LibC.readlinkat(_handle, path, bytes, (nuint)text.Length));
        }
    }

    /// <summary>
    /// The beginning of a file, by one read: all of it where the kernel makes the text at once, as it does for most files of <c>/proc</c>.
    /// </summary>
    public int Read(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        fixed (byte* path = Terminated(name), bytes = buffer)
        {
            // A number, and no handle: there are ten thousands of them in a sweep, nothing can happen between these lines, and a handle with its
            // finalizer would cost as much as the kernel does.
            int file = LibC.openat_number(_handle, path, OpenFlags, 0);
            if (file < 0)
            {
                return -(int)Errno.Last;
            }
            int result = ResultOf(LibC.read(file, bytes, (nuint)buffer.Length));
            LibC.close(file);
            return result;
        }
    }

    /// <summary>
    /// All of a file whose text the kernel makes at once, so that what does not fill the buffer is all there is: most files of <c>/proc</c>, but not
    /// those that list something, such as maps. The buffer grows as needed.
    /// </summary>
    public int ReadAtOnce(ReadOnlySpan<byte> name, ref byte[] buffer)
    {
        int length = Read(name, buffer);
        return length == buffer.Length ? ReadAll(name, ref buffer) : length;
    }

    /// <summary>All of a file, however often the kernel wants to be asked; the buffer grows as needed.</summary>
    public int ReadAll(ReadOnlySpan<byte> name, ref byte[] buffer)
    {
        using SafeFileHandle file = Open(name);
        if (file.IsInvalid)
        {
            return -(int)Errno.Last;
        }
        int length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
            fixed (byte* bytes = buffer)
            {
                int read = ResultOf(LibC.read(file, bytes + length, (nuint)(buffer.Length - length)));
                if (read <= 0)
                {
                    return read < 0 ? read : length;
                }
                length += read;
            }
        }
    }

    /// <summary>A part of a file, such as the memory of a process (<c>/proc/PID/mem</c>).</summary>
    public int ReadAt(ReadOnlySpan<byte> name, ulong offset, Span<byte> buffer)
    {
        using SafeFileHandle file = Open(name);
        fixed (byte* bytes = buffer)
        {
            return file.IsInvalid ? -(int)Errno.Last : ResultOf(LibC.pread(file, bytes, (nuint)buffer.Length, (long)offset));
        }
    }

    /// <summary>
    /// What the kernel knows about a file, or about what a link leads to; it never waits for another machine.
    /// </summary>
    public Errno Stat(ReadOnlySpan<byte> name, bool followLink, out LibC.statx status)
    {
        int flags = LibC.AT_STATX_DONT_SYNC | (followLink ? 0 : LibC.AT_SYMLINK_NOFOLLOW);
        fixed (byte* path = Terminated(name))
        fixed (LibC.statx* result = &status)
        {
            return LibC.statx_bytes(_handle, path, flags, LibC.STATX_BASIC_STATS | LibC.STATX_MNT_ID, result) == 0 ? Errno.None : Errno.Last;
        }
    }

    /// <summary>A file, to be asked for more than its bytes; invalid when it cannot be opened.</summary>
    public SafeFileHandle Open(ReadOnlySpan<byte> name)
    {
        fixed (byte* path = Terminated(name))
        {
            return LibC.openat_bytes(_handle, path, OpenFlags, 0);
        }
    }

    public void Dispose() => _handle.Dispose();

    private static DirectoryReader? From(SafeFileHandle handle, out Errno errno)
    {
        errno = handle.IsInvalid ? Errno.Last : Errno.None;
        if (!handle.IsInvalid)
        {
            return new DirectoryReader(handle);
        }
        handle.Dispose();
        return null;
    }

    private static int ResultOf(nint result) => result < 0 ? -(int)Errno.Last : (int)result;

    private static ReadOnlySpan<byte> Terminated(ReadOnlySpan<byte> name)
    {
        Debug.Assert(name[^1] == 0, "The kernel reads a name up to its NUL.");
        return name;
    }
}
