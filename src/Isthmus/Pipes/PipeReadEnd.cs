using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// The end of a pipe or FIFO that is read from. A read returns what is there, at least one byte; 0 is the end: every
/// writer has closed. In packet mode a read returns one packet, and what does not fit into the buffer is lost.
/// </summary>
public sealed class PipeReadEnd : PipeEnd
{
    /// <summary>Takes over a descriptor that is open for reading a pipe or FIFO, for example one that was received over a socket.</summary>
    public PipeReadEnd(SafeFileHandle handle)
        : base(handle)
    {
    }

    /// <inheritdoc/>
    public override bool CanRead => !Handle.IsClosed;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Reads what is there, at least one byte, blocking in the kernel until there is; 0 at the end.</summary>
    public override int Read(Span<byte> buffer) => Pollable.Run<SpanRead, int>(new SpanRead(buffer));

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>As <see cref="Read(Span{byte})"/>, but false when nothing came within <paramref name="timeout"/>; zero only looks.</summary>
    public bool TryRead(Span<byte> buffer, TimeSpan timeout, out int count) =>
        Pollable.TryRun(new SpanRead(buffer), Native.Deadline.After(timeout), out count);

    /// <summary>As <see cref="Read(Span{byte})"/>, waiting in the event loop. Cancelled means that nothing was read.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Pollable.RunAsync<MemoryRead, int>(new MemoryRead(buffer), cancellationToken);

    /// <inheritdoc cref="ReadAsync(Memory{byte}, CancellationToken)"/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>This end is for reading.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("This is the read end of a pipe.");
}
