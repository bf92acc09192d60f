using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>The FIFOs of doorbells in the per-user directory.</summary>
internal static class BellFile
{
    private const string Prefix = ".bell-", UnfinishedPrefix = ".new-bell-";

    public static string PathOf(string directory, Guid name) => Path.Combine(directory, $"{Prefix}{name:N}");

    /// <summary>
    /// Makes a bell, opened both ways, and then gives it its name: so one of that name without a reader is dead. Null when somebody has cleaned it
    /// away before that.
    /// </summary>
    public static SafeFileHandle? TryCreate(string directory, Guid name)
    {
        const uint Mode = (uint)(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string unfinished = Path.Combine(directory, $"{UnfinishedPrefix}{name:N}");
        LibC.Check(LibC.mkfifo(unfinished, Mode), unfinished);
        SafeFileHandle? fifo = null;
        try
        {
            // The umask may have taken too much.
            LibC.Check(LibC.chmod(unfinished, Mode), unfinished);
            fifo = LibC.Check(LibC.open(unfinished, LibC.O_RDWR | LibC.O_NONBLOCK | LibC.O_NOFOLLOW | LibC.O_CLOEXEC), unfinished);
            LibC.Check(LibC.linkat(LibC.AT_FDCWD, unfinished, LibC.AT_FDCWD, PathOf(directory, name), 0), unfinished);
            return fifo;
        }
        catch (FileNotFoundException)
        {
            fifo?.Dispose();
            return null;
        }
        catch
        {
            fifo?.Dispose();
            throw;
        }
        finally
        {
            _ = LibC.unlink(unfinished);
        }
    }

    /// <summary>Opens somebody's bell to ring it; the reason where that fails.</summary>
    public static SafeFileHandle? TryOpen(Guid name, out BellState state)
    {
        string path = PathOf(SegmentDirectory.Default, name);
        SafeFileHandle fifo = LibC.open(path, LibC.O_WRONLY | LibC.O_NONBLOCK | LibC.O_NOFOLLOW | LibC.O_CLOEXEC);
        if (fifo.IsInvalid)
        {
            Errno errno = Errno.Last;
            fifo.Dispose();
            // Only with a reader is it somebody's. What is not there may be in a directory that we do not see.
            state = errno == Errno.ENXIO ? BellState.Gone : BellState.Unreachable;
            return null;
        }
        LibC.statx status = FileStatus.Of(fifo);
        // A bell that we may ring, but whose owner may not ring ours: then neither can rely on it.
        if (!FileStatus.IsFifo(status) || status.stx_uid != LibC.geteuid())
        {
            fifo.Dispose();
            state = BellState.Unreachable;
            return null;
        }
        state = BellState.Open;
        return fifo;
    }

    /// <summary>Removes the bells that nobody reads: their owners are gone.</summary>
    public static void RemoveStale(string directory)
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(directory, ".*bell-*"))
        {
            SafeFileHandle fifo = LibC.open(path, LibC.O_WRONLY | LibC.O_NONBLOCK | LibC.O_NOFOLLOW | LibC.O_CLOEXEC);
            Errno errno = Errno.Last;
            bool isStale = fifo.IsInvalid && errno == Errno.ENXIO;
            fifo.Dispose();
            if (isStale)
            {
                _ = LibC.unlink(path);
            }
        }
    }
}
