using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>Files to be mapped: opened only when they are what the caller may trust, and allocated before they are touched.</summary>
internal static class MemoryFile
{
    private const long AllocationStep = 1 << 20;

    /// <summary>Opens what stands at a path; null when nothing does.</summary>
    /// <param name="path">Symbolic links are not followed.</param>
    /// <param name="name">For errors.</param>
    /// <param name="options">For what, and whose.</param>
    /// <param name="namesMax">How many hard links it may have.</param>
    public static SafeFileHandle? TryOpen(string path, string name, MemoryOpenOptions options, uint namesMax)
    {
        // Before it is opened: a device could act on being opened.
        if (!FileStatus.TryAt(path, out LibC.statx status))
        {
            return Errno.Last == Errno.ENOENT ? null : throw PosixException.From(Errno.Last, "open", name);
        }
        Check(status, name, options.AnyOwner, namesMax);
        // Without O_NONBLOCK a FIFO that was put there meanwhile would hold us.
        int flags = (options.Access == MemoryAccess.ReadWrite ? LibC.O_RDWR : LibC.O_RDONLY) | LibC.O_NONBLOCK | LibC.O_CLOEXEC;
        SafeFileHandle handle;
        while ((handle = LibC.open(path, flags | LibC.O_NOFOLLOW | LibC.O_NOCTTY)).IsInvalid)
        {
            Errno errno = Errno.Last;
            handle.Dispose();
            if (errno != Errno.EINTR)
            {
                return errno == Errno.ENOENT ? null : throw PosixException.From(errno, "open", name);
            }
        }
        return Checked(handle, name, options.AnyOwner, namesMax);
    }

    /// <summary>Checks what was found at a name.</summary>
    public static void Check(LibC.statx status, string name, bool anyOwner, uint namesMax)
    {
        CheckIsFile(status, name);
        if (!anyOwner)
        {
            FileStatus.RequireTrustedOwner(status, "open", name);
        }
        if (status.stx_nlink > namesMax)
        {
            throw PosixException.From(Errno.EMLINK, "open", name, $"It has {status.stx_nlink} names; somebody made a hard link to it.");
        }
    }

    public static void CheckIsFile(LibC.statx status, string name)
    {
        if ((status.stx_mode & LibC.S_IFMT) != LibC.S_IFREG)
        {
            bool isLink = (status.stx_mode & LibC.S_IFMT) == LibC.S_IFLNK;
            throw PosixException.From(
                isLink ? Errno.ELOOP : Errno.EINVAL, "open", name, $"It is {FileStatus.KindOf(status)}, not a regular file; links are not followed.");
        }
    }

    /// <summary>Removes a name when it is that of a file.</summary>
    public static void Unlink(string path, string name)
    {
        if (!FileStatus.TryAt(path, out LibC.statx status))
        {
            throw PosixException.From(Errno.Last, "unlink", name);
        }
        CheckIsFile(status, name);
        LibC.Check(LibC.unlink(path), name);
    }

    /// <summary>
    /// How many bytes from an offset on are to be mapped: <paramref name="wanted"/>, or all. Never more than there are, because
    /// touching a page beyond the end is SIGBUS.
    /// </summary>
    public static long LengthToMap(SafeHandle file, long offset, long? wanted, string? name)
    {
        long length = (long)FileStatus.Of(file, name).stx_size;
        if (length == 0)
        {
            throw new InvalidDataException($"The memory {Quoted(name)}is empty: nobody has given it a size yet.");
        }
        if (offset >= length || wanted > length - offset)
        {
            throw new ArgumentOutOfRangeException(
                nameof(wanted), $"{wanted?.ToString() ?? "All"} bytes from {offset} on do not lie in the {length} bytes {Quoted(name)}that there are.");
        }
        return wanted ?? length - offset;
    }

    /// <summary>What a descriptor allows.</summary>
    public static MemoryAccess AccessOf(SafeHandle file) => (LibC.Check(LibC.fcntl(file, LibC.F_GETFL)) & LibC.O_ACCMODE) switch
    {
        LibC.O_RDONLY => MemoryAccess.Read,
        LibC.O_RDWR => MemoryAccess.ReadWrite,
        _ => throw new ArgumentException("A descriptor for writing only cannot be mapped.", nameof(file)),
    };

    /// <summary>
    /// Makes the file <paramref name="end"/> bytes long and gets the space, so that a lack of it is an error now and not a SIGBUS later.
    /// </summary>
    public static void Allocate(SafeHandle file, long start, long end, string? name = null)
    {
        MemoryLimits.CheckFileSize(end, name);
        MemoryLimits.CheckSpace(file, end - start, name);
        // In steps: one call for all of a large memory would start from the beginning after each signal.
        for (long done = start; done < end;)
        {
            long step = Math.Min(AllocationStep, end - done);
            int error = LibC.posix_fallocate(file, done, step);
            if (error == (int)Errno.EINTR)
            {
                continue;
            }
            if (error != 0)
            {
                throw PosixException.From((Errno)error, "posix_fallocate", name, Hint((Errno)error));
            }
            done += step;
        }
    }

    /// <summary>What to do when a file cannot have the size that it should.</summary>
    public static string? Hint(Errno errno) => errno switch
    {
        Errno.ENOSPC => "Its file system is full; df tells",
        Errno.EPERM => "It is sealed against that",
        _ => null,
    };

    // After it is opened: what stands at the name may have been replaced since.
    private static SafeFileHandle Checked(SafeFileHandle handle, string name, bool anyOwner, uint namesMax)
    {
        try
        {
            Check(FileStatus.Of(handle, name), name, anyOwner, namesMax);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static string Quoted(string? name) => name is null ? "" : $"'{name}' ";
}
