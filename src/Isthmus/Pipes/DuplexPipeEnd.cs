namespace Isthmus;

/// <summary>
/// One side of a conversation over two pipes: it reads from one and writes to the other. For the two pipes of a child's standard input and
/// output as for a <see cref="DuplexPipe"/>.
/// </summary>
/// <remarks>Thread-safe as its two ends are; reading and writing do not disturb each other.</remarks>
public sealed class DuplexPipeEnd : ByteStream
{
    /// <summary>Joins two ends, of different pipes. They are closed with this object.</summary>
    public DuplexPipeEnd(PipeReadEnd reader, PipeWriteEnd writer)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(writer);
        Reader = reader;
        Writer = writer;
    }

    /// <summary>What the other side writes.</summary>
    public PipeReadEnd Reader { get; }

    /// <summary>What the other side reads. Dispose it alone to tell the other side that no more comes, and read on.</summary>
    public PipeWriteEnd Writer { get; }

    /// <inheritdoc/>
    public override bool CanRead => Reader.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => Writer.CanWrite;

    /// <inheritdoc cref="PipeReadEnd.Read(Span{byte})"/>
    public override int Read(Span<byte> buffer) => Reader.Read(buffer);

    /// <inheritdoc cref="PipeReadEnd.ReadAsync(Memory{byte}, CancellationToken)"/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Reader.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc cref="PipeWriteEnd.Write(ReadOnlySpan{byte})"/>
    public override void Write(ReadOnlySpan<byte> buffer) => Writer.Write(buffer);

    /// <inheritdoc cref="PipeWriteEnd.WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Writer.WriteAsync(buffer, cancellationToken);

    /// <summary>Closes both ends.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Reader.Dispose();
            Writer.Dispose();
        }
        base.Dispose(disposing);
    }
}
