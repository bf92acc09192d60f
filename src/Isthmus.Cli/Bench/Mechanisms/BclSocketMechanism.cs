using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>The BCL's stream over a Unix socket, awaited: what <c>unix-stream-async</c> is compared with.</summary>
internal sealed class BclSocketMechanism : Mechanism
{
    private int _count;

    public override string Name => "bcl:socket";

    public override int Rank => 41;

    public override Rows Latency => Rows.Async;

    public override Rows Throughput => Rows.Async;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new BclSocketMechanism());

    public override Offer Offer(string directory)
    {
        string path = Path.Combine(directory, $"socket{++_count}");
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        return new Offer(path, [], () =>
        {
            using (listener)
            {
                return new StreamConnection(new NetworkStream(listener.Accept(), ownsSocket: true));
            }
        });
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(address));
        return new StreamConnection(new NetworkStream(socket, ownsSocket: true));
    }
}
