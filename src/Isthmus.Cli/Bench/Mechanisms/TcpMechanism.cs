using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>TCP over the loopback device, without Nagle's delay; the BCL's socket, which blocks in the kernel for sync calls. tcp(7)</summary>
internal sealed class TcpMechanism : Mechanism
{
    public override string Name => "tcp";

    public override int Rank => 30;

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new TcpMechanism());

    public override Offer Offer(string directory)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        return new Offer(listener.LocalEndPoint!.ToString()!, [], () =>
        {
            using (listener)
            {
                return Connection(listener.Accept());
            }
        });
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPEndPoint.Parse(address));
        return Connection(socket);
    }

    private static StreamConnection Connection(Socket socket)
    {
        socket.NoDelay = true;
        return new StreamConnection(new NetworkStream(socket, ownsSocket: true));
    }
}
