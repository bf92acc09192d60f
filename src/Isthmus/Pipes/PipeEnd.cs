using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// One end of a pipe or FIFO, as a <see cref="Stream"/>. The stream is only an adapter: each read or write is one system call, nothing
/// is buffered. Sync calls block in the kernel, async calls wait in the event loop, neither allocates.
/// </summary>
/// <remarks>
/// Thread-safe: the kernel orders concurrent calls. <see cref="Stream.Dispose()"/> ends async waits with
/// <see cref="ObjectDisposedException"/>; a thread that blocks in a sync call goes on, and the end stays open, until that call ends.
/// </remarks>
public abstract class PipeEnd : ByteStream
{
    private protected PipeEnd(SafeFileHandle handle, int wrongAccess)
    {
        ArgumentNullException.ThrowIfNull(handle);
        LibC.statx status = FileStatus.Of(handle);
        if (!FileStatus.IsFifo(status) || (LibC.Check(LibC.fcntl(handle, LibC.F_GETFL)) & LibC.O_ACCMODE) == wrongAccess)
        {
            throw new ArgumentException(
                FileStatus.IsFifo(status) ? "It is the other end of the pipe." : $"It is {FileStatus.KindOf(status)}, not a pipe or FIFO.", nameof(handle));
        }
        Handle = handle;
        Pollable = new PollableHandle(handle, GetType());
    }

    /// <summary>The descriptor, to hand to a child or to calls of your own. It is closed with this object.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>
    /// How many bytes the pipe can hold (65,536 by default). The kernel rounds up to a power of two of pages when set. Per pipe, not per end.
    /// </summary>
    /// <exception cref="PosixException"><c>EBUSY</c> when more bytes than the new capacity are waiting.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EPERM</c>: above <c>/proc/sys/fs/pipe-max-size</c>, or the user has reached the limit of pipe pages.
    /// </exception>
    public int Capacity
    {
        get => CapacityOf(Handle);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            if (LibC.fcntl(Handle, LibC.F_SETPIPE_SZ, value) < 0)
            {
                throw CannotSetCapacity(Errno.Last);
            }
        }
    }

    /// <summary>How many bytes were written and not yet read (<c>FIONREAD</c>).</summary>
    public int BytesWaiting => BytesWaitingOf(Handle);

    private protected PollableHandle Pollable { get; }

    internal static int CapacityOf(SafeFileHandle pipe) => LibC.Check(LibC.fcntl(pipe, LibC.F_GETPIPE_SZ));

    internal static unsafe int BytesWaitingOf(SafeFileHandle pipe)
    {
        int bytes;
        LibC.Check(LibC.ioctl(pipe, LibC.FIONREAD, &bytes));
        return bytes;
    }

    /// <summary>Closes this end; async calls that wait end with <see cref="ObjectDisposedException"/>.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Pollable.Dispose();
        }
        base.Dispose(disposing);
    }

    private static Exception CannotSetCapacity(Errno errno) => PosixException.From(errno, "fcntl(F_SETPIPE_SZ)", hint: errno switch
    {
        Errno.EBUSY => "More bytes are waiting than the new capacity would hold: read first.",
        Errno.EPERM => "It is above /proc/sys/fs/pipe-max-size, or this user has reached /proc/sys/fs/pipe-user-pages-soft.",
        _ => null,
    });
}
