namespace Isthmus;

/// <summary>What an end of a stream writes, as a stream of its own: to dispose it is to say that nothing more comes.</summary>
internal sealed class StreamWriteHalf(SharedStream stream) : ByteStream
{
    public override bool CanRead => false;

    public override bool CanWrite => stream.CanWrite;

    public override int Read(Span<byte> buffer) => throw NotReadable();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw NotReadable();

    public override void Write(ReadOnlySpan<byte> buffer) => stream.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        stream.WriteAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing && stream.CanWrite)
        {
            stream.CloseWrite();
        }
        base.Dispose(disposing);
    }

    private static NotSupportedException NotReadable() => new("This half is for writing.");
}
