using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>One Unix datagram socket on each side, connected to each other. unix(7)</summary>
internal sealed class UnixDatagramMechanism : Mechanism
{
    public override string Name => "unix-datagram";

    public override int Rank => 21;

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new UnixDatagramMechanism());

    public override Offer Offer(string directory) => UnixMessageConnection.Offer(SocketType.Dgram);

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles) =>
        new UnixMessageConnection(UnixSocket.FromHandle(handles[0]));
}
