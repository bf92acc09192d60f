using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// The end of a pipe or FIFO that is read from. A read returns what is there, at least one byte; 0 is the end: there was a
/// writer, and every writer has closed. In packet mode a read returns one packet, and what does not fit into the buffer is lost.
/// A read into an empty buffer takes nothing and ends when there is something to read.
/// </summary>
public sealed class PipeReadEnd : PipeEnd
{
    internal PipeReadEnd(SafeFileHandle handle)
        : base(handle, LibC.O_WRONLY)
    {
    }

    /// <summary>Takes over a descriptor that is open for reading a pipe or FIFO, for example one that was received over a socket.</summary>
    /// <exception cref="ArgumentException">It is something else; the handle stays the caller's.</exception>
    public static PipeReadEnd FromHandle(SafeFileHandle handle) => new(handle);

    /// <inheritdoc/>
    public override bool CanRead => !Handle.IsClosed;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Reads what is there, at least one byte, blocking in the kernel until there is; 0 at the end.</summary>
    public override int Read(Span<byte> buffer) => Pollable.Run<PipeSpanRead, int>(new PipeSpanRead(buffer));

    /// <summary>As <see cref="Read(Span{byte})"/>, but false when nothing came within <paramref name="timeout"/>; zero only looks.</summary>
    public bool TryRead(Span<byte> buffer, TimeSpan timeout, out int count) =>
        Pollable.TryRun(new PipeSpanRead(buffer), Deadline.After(timeout), out count);

    /// <summary>As <see cref="Read(Span{byte})"/>, waiting in the event loop. Cancelled means that nothing was read.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Pollable.RunAsync<PipeMemoryRead, int>(new PipeMemoryRead(buffer), cancellationToken);

    /// <summary>
    /// Moves bytes from this pipe into a file, socket or other pipe without copying them through this process (<c>splice(2)</c>); blocks until
    /// some are there. The number moved, 0 at the end.
    /// </summary>
    /// <param name="destination">Open for writing, not for appending.</param>
    /// <param name="count">At most so many bytes.</param>
    /// <param name="offset">Where in a file to write; null for the descriptor's own position, which is not that of a <see cref="FileStream"/>.</param>
    /// <exception cref="PosixException">
    /// <c>EINVAL</c>: the destination cannot be spliced to, is this pipe or is open for appending; <c>ESPIPE</c>: an offset for a pipe; <c>EPIPE</c>.
    /// </exception>
    public long SpliceTo(SafeHandle destination, long count, long? offset = null)
    {
        long moved;
        while ((moved = SpliceCall.Splice(Handle, null, destination, offset, count)) == 0 && count > 0 && !HasEnded())
        {
            // No writer has been there yet.
        }
        return moved;
    }

    /// <summary>
    /// Copies bytes to another pipe and leaves them here too (<c>tee(2)</c>); blocks until some are there. The number copied, 0 at the end.
    /// </summary>
    /// <exception cref="PosixException"><c>EINVAL</c>: it is the same pipe; <c>EPIPE</c>: nobody reads the other one.</exception>
    public int TeeTo(PipeWriteEnd destination, int count)
    {
        ArgumentNullException.ThrowIfNull(destination);
        int copied;
        while ((copied = SpliceCall.Tee(Handle, destination.Handle, count)) == 0 && count > 0 && !HasEnded())
        {
            // No writer has been there yet.
        }
        return copied;
    }

    /// <summary>This end is for reading.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void Write(ReadOnlySpan<byte> buffer) => throw NotWritable();

    /// <summary>This end is for reading.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw NotWritable();

    private static NotSupportedException NotWritable() => new("This is the read end of a pipe.");

    // Waits for data or the end, and tells which.
    private bool HasEnded()
    {
        Poll.Wait(Handle, LibC.POLLIN, Deadline.Never);
        return PipeRead.MeaningOfNothing(Handle, askedForNothing: false) == PollOutcome.Done;
    }
}
