using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>
/// UDP over the loopback device: the BCL's socket. What comes while the receiver's buffer is full is dropped by the kernel,
/// and nobody is told. udp(7)
/// </summary>
internal sealed class UdpMechanism : Mechanism
{
    public override string Name => "udp";

    public override int Rank => 31;

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu;

    public override bool Lossy => true;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new UdpMechanism());

    public override Offer Offer(string directory)
    {
        Socket socket = Bound();
        return new Offer(socket.LocalEndPoint!.ToString()!, [], () =>
        {
            // The peer's first datagram tells its port.
            EndPoint peer = new IPEndPoint(IPAddress.Any, 0);
            socket.ReceiveFrom(new byte[1], ref peer);
            socket.Connect(peer);
            return new UdpConnection(socket);
        });
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles)
    {
        Socket socket = Bound();
        socket.Connect(IPEndPoint.Parse(address));
        socket.Send([0]);
        return new UdpConnection(socket);
    }

    private static Socket Bound()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private sealed class UdpConnection : Connection
    {
        // 65,535 less the headers of IP and UDP.
        private const int PayloadMax = 65507;

        // As large as net.core.rmem_max allows, like the buffers of the Unix sockets.
        private const int BufferBytes = 1 << 21;

        private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(20);
        private static readonly TimeSpan s_lost = TimeSpan.FromSeconds(10);

        private readonly Socket _socket;

        public UdpConnection(Socket socket)
        {
            _socket = socket;
            socket.SendBufferSize = BufferBytes;
            socket.ReceiveBufferSize = BufferBytes;
        }

        public override void Send(ReadOnlySpan<byte> message) => _socket.Send(message);

        public override void Receive(Span<byte> message)
        {
            _socket.ReceiveTimeout = (int)s_lost.TotalMilliseconds;
            _socket.Receive(message, SocketFlags.None, out SocketError error);
            if (error != SocketError.Success)
            {
                throw new IOException($"udp: no answer came within {s_lost.TotalSeconds} s ({error}).");
            }
        }

        public override bool TryReceive(Span<byte> message)
        {
            _socket.ReceiveTimeout = (int)s_silence.TotalMilliseconds;
            _socket.Receive(message, SocketFlags.None, out SocketError error);
            return error switch
            {
                SocketError.Success => true,
                SocketError.TimedOut or SocketError.WouldBlock => false,
                _ => throw new SocketException((int)error),
            };
        }

        public override bool Carries(int size) => size <= PayloadMax;

        public override void Dispose() => _socket.Dispose();
    }
}
