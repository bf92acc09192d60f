using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>A stream over a connected socket: an adapter only, all logic is in <see cref="UnixSocket"/>.</summary>
internal sealed class UnixSocketStream(UnixSocket socket) : ByteStream
{
    public override bool CanRead => !socket.Handle.IsClosed;

    public override bool CanWrite => !socket.Handle.IsClosed;

    public override int Read(Span<byte> buffer) => socket.Receive(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        socket.ReceiveAsync(buffer, cancellationToken);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[socket.Send(buffer)..];
        }
    }

    /// <summary>Writes all. Cancelled, a part may have been written: a stream of bytes has no whole.</summary>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[await socket.SendAsync(buffer, cancellationToken).ConfigureAwait(false)..];
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
        }
        base.Dispose(disposing);
    }
}
