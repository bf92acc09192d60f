using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// One end of a pipe or FIFO, as a <see cref="Stream"/>. The stream is only an adapter: each read or write is one system call, nothing
/// is buffered, so <see cref="Flush"/> does nothing. Thread-safe: the kernel orders concurrent calls.
/// </summary>
public abstract class PipeEnd : Stream
{
    private protected PipeEnd(SafeFileHandle handle)
    {
        Handle = handle;
        Pollable = new PollableHandle(handle);
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
        get => LibC.Check(LibC.fcntl(Handle, LibC.F_GETPIPE_SZ));
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
    public unsafe int BytesWaiting
    {
        get
        {
            int bytes;
            LibC.Check(LibC.ioctl(Handle, LibC.FIONREAD, &bytes));
            return bytes;
        }
    }

    /// <inheritdoc/>
    public sealed override bool CanSeek => false;

    /// <summary>A pipe has no length.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public sealed override long Length => throw NotSeekable();

    /// <summary>A pipe has no position.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public sealed override long Position
    {
        get => throw NotSeekable();
        set => throw NotSeekable();
    }

    private protected PollableHandle Pollable { get; }

    /// <summary>Does nothing: nothing is buffered.</summary>
    public sealed override void Flush()
    {
    }

    /// <summary>Does nothing: nothing is buffered.</summary>
    public sealed override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A pipe cannot seek (<c>ESPIPE</c>).</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public sealed override long Seek(long offset, SeekOrigin origin) => throw NotSeekable();

    /// <summary>A pipe has no length.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public sealed override void SetLength(long value) => throw NotSeekable();

    /// <summary>Closes this end; async calls that wait end with <see cref="ObjectDisposedException"/>.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Pollable.Dispose();
        }
        base.Dispose(disposing);
    }

    private static NotSupportedException NotSeekable() => new("A pipe is a stream of bytes without position or length.");

    private static Exception CannotSetCapacity(Errno errno) => PosixException.From(errno, "fcntl(F_SETPIPE_SZ)", hint: errno switch
    {
        Errno.EBUSY => "More bytes are waiting than the new capacity would hold: read first.",
        Errno.EPERM => "It is above /proc/sys/fs/pipe-max-size, or this user has reached /proc/sys/fs/pipe-user-pages-soft.",
        _ => null,
    });
}
