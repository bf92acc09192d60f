using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A connected pair of Unix sockets that keeps message borders. unix(7)</summary>
internal sealed class UnixSeqpacketMechanism : Mechanism
{
    public override string Name => "unix-seqpacket";

    public override int Rank => 22;

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new UnixSeqpacketMechanism());

    public override Offer Offer(string directory) => UnixMessageConnection.Offer(SocketType.Seqpacket);

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles) =>
        new UnixMessageConnection(UnixSocket.FromHandle(handles[0]));
}
