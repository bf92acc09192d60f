using System.Runtime.CompilerServices;
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

    /// <summary>Takes over a descriptor that is open for writing a pipe or FIFO, for example one that was received over a socket.</summary>
    public PipeWriteEnd(SafeFileHandle handle)
        : base(handle)
    {
    }

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

    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>
    /// Writes as many bytes as the pipe takes at once, as soon as it takes any; false when it took none within <paramref name="timeout"/>.
    /// Up to <see cref="AtomicWriteMax"/> bytes are written all or not at all. A timeout of zero only tries.
    /// </summary>
    /// <exception cref="PosixException"><c>EPIPE</c>: nobody reads any more.</exception>
    public bool TryWrite(ReadOnlySpan<byte> buffer, TimeSpan timeout, out int written)
    {
        bool done = Pollable.TryRun(new SpanWrite(buffer), Native.Deadline.After(timeout), out written);
        written = done ? written : 0;
        return done;
    }

    /// <summary>
    /// Writes all bytes, waiting in the event loop while the pipe is full. Cancelled before the first byte was taken, nothing happened, which
    /// is always so up to <see cref="AtomicWriteMax"/> bytes; cancelled later, a part of a longer buffer has been written.
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

    /// <inheritdoc cref="WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>This end is for writing.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("This is the write end of a pipe.");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WriteRestAsync(ValueTask<int> first, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer = buffer[await first.ConfigureAwait(false)..];
        while (!buffer.IsEmpty)
        {
            int count = await Pollable.RunAsync<MemoryWrite, int>(new MemoryWrite(buffer), cancellationToken).ConfigureAwait(false);
            buffer = buffer[count..];
        }
    }
}
