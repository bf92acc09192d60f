using System.Net.Sockets;

namespace Isthmus.Cli.Bench;

/// <summary>A Unix socket that keeps message borders: one receive takes one message.</summary>
internal sealed class UnixMessageConnection : Connection
{
    // What the kernel keeps of the buffer for itself, for each message (unix_dgram_sendmsg).
    private const int Overhead = 32;

    // Twice the largest message of the benchmark: the kernel cuts it to what net.core.wmem_max allows.
    private const int SendBufferBytes = 1 << 21;

    private readonly UnixSocket _socket;

    public UnixMessageConnection(UnixSocket socket)
    {
        _socket = socket;
        socket.SendBufferBytes = SendBufferBytes;
    }

    public static Offer Offer(SocketType type)
    {
        (UnixSocket ours, UnixSocket theirs) = UnixSocket.CreatePair(type);
        return new Offer("", [theirs.Handle], () =>
        {
            theirs.Dispose();
            return new UnixMessageConnection(ours);
        });
    }

    public override void Send(ReadOnlySpan<byte> message) => _socket.Send(message);

    public override void Receive(Span<byte> message)
    {
        int length = _socket.Receive(message);
        if (length != message.Length)
        {
            throw new EndOfStreamException($"A message of {length} bytes came, not one of {message.Length}.");
        }
    }

    public override bool Carries(int size) => size <= _socket.SendBufferBytes - Overhead;

    public override void Dispose() => _socket.Dispose();
}
