using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// The end of a pipe or FIFO that is written to. Writes of at most <see cref="AtomicWriteMax"/> bytes are atomic: never
/// mixed with those of other writers, and taken whole or not at all.
/// </summary>
/// <remarks>When every reader has closed, a write throws <see cref="PosixException"/> with <c>EPIPE</c>; .NET ignores SIGPIPE, so the process lives.</remarks>
public sealed class PipeWriteEnd : PipeEnd
{
    /// <summary>PIPE_BUF: up to this many bytes a write is atomic (<c>pipe(7)</c>).</summary>
    public const int AtomicWriteMax = 4096;

    internal PipeWriteEnd(SafeFileHandle handle)
        : base(handle, LibC.O_RDONLY)
    {
    }

    /// <summary>Takes over a descriptor that is open for writing a pipe or FIFO, for example one that was received over a socket.</summary>
    /// <exception cref="ArgumentException">It is something else; the handle stays the caller's.</exception>
    public static PipeWriteEnd FromHandle(SafeFileHandle handle) => new(handle);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanWrite => !Handle.IsClosed;

    /// <summary>Writes all bytes, blocking in the kernel while the pipe is full.</summary>
    /// <exception cref="PosixException"><c>EPIPE</c>: nobody reads any more.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        do
        {
            // One call writes all, unless a signal comes in the middle or somebody made the pipe non-blocking.
            buffer = buffer[Pollable.Run<SpanWrite, int>(new SpanWrite(buffer))..];
        }
        while (!buffer.IsEmpty);
    }

    /// <summary>
    /// Writes as many bytes as the pipe takes at once, as soon as it takes any; false when it took none within <paramref name="timeout"/>.
    /// Up to <see cref="AtomicWriteMax"/> bytes are written all or not at all. A timeout of zero only tries.
    /// </summary>
    /// <exception cref="PosixException"><c>EPIPE</c>: nobody reads any more.</exception>
    public bool TryWrite(ReadOnlySpan<byte> buffer, TimeSpan timeout, out int written)
    {
        bool done = Pollable.TryRun(new SpanWrite(buffer), Deadline.After(timeout), out written);
        written = done ? written : 0;
        return done;
    }

    /// <summary>
    /// Writes all bytes, waiting in the event loop while the pipe is full. Cancelled before the first byte was taken, nothing happened, which
    /// is always so up to <see cref="AtomicWriteMax"/> bytes; cancelled later, a part of a longer buffer has been written,
    /// and the message of the <see cref="OperationCanceledException"/> says how much.
    /// </summary>
    /// <exception cref="PosixException"><c>EPIPE</c>: nobody reads any more.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> first = Pollable.RunAsync<MemoryWrite, int>(new MemoryWrite(buffer), cancellationToken);
        if (!first.IsCompletedSuccessfully)
        {
            return WriteRestAsync(first, buffer, cancellationToken);
        }
        int count = first.Result;
        return count == buffer.Length
            ? ValueTask.CompletedTask
            : WriteRestAsync(ValueTask.FromResult(count), buffer, cancellationToken);
    }

    /// <summary>
    /// Moves bytes from a file, socket or other pipe into this pipe without copying them through this process (<c>splice(2)</c>); blocks
    /// until there is something to move and room for it. The number moved, 0 at the end of the source.
    /// </summary>
    /// <param name="source">Open for reading.</param>
    /// <param name="count">At most so many bytes.</param>
    /// <param name="offset">Where in a file to begin; null for the descriptor's own position, which is not that of a <see cref="FileStream"/>.</param>
    /// <exception cref="PosixException">
    /// <c>EINVAL</c>: the source cannot be spliced from, or is this pipe; <c>ESPIPE</c>: an offset for a pipe; <c>EPIPE</c>: nobody reads any more.
    /// </exception>
    public long SpliceFrom(SafeHandle source, long count, long? offset = null) => SpliceCall.Splice(source, offset, Handle, null, count);

    /// <summary>
    /// Lends memory to the pipe instead of copying it (<c>vmsplice(2)</c>); blocks until there is room. The number of bytes lent, which may be fewer.
    /// </summary>
    /// <param name="memory">
    /// Memory that the garbage collector does not move: of <c>AnonymousMemory</c>, <see cref="NativeMemory"/> or a pinned array. Until it has been
    /// read at the other end the reader sees each change of it; only the bytes' arrival elsewhere proves that it may be used again.
    /// </param>
    /// <exception cref="PosixException"><c>EPIPE</c>: nobody reads any more.</exception>
    public int VmSplice(ReadOnlySpan<byte> memory) => SpliceCall.VmSplice(Handle, memory);

    /// <summary>This end is for writing.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override int Read(Span<byte> buffer) => throw NotReadable();

    /// <summary>This end is for writing.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw NotReadable();

    private static NotSupportedException NotReadable() => new("This is the write end of a pipe.");

    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    private async ValueTask WriteRestAsync(ValueTask<int> first, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        int written = await first.ConfigureAwait(false);
        try
        {
            while (written < buffer.Length)
            {
                written += await Pollable.RunAsync<MemoryWrite, int>(new MemoryWrite(buffer[written..]), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException cancelled)
        {
            throw new OperationCanceledException(
                $"Cancelled after {written} of {buffer.Length} bytes had been written.", cancelled, cancellationToken);
        }
    }
}
