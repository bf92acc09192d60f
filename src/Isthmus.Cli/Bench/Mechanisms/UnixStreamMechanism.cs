using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A connected pair of Unix stream sockets. unix(7)</summary>
internal sealed class UnixStreamMechanism : Mechanism
{
    public override string Name => "unix-stream";

    public override int Rank => 20;

    public override Rows Latency => Rows.Sync | Rows.OneCpu | Rows.Async;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu | Rows.Async;

    public override string Reference => "unix-stream";

    public override string AsyncRival => "bcl:socket";

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new UnixStreamMechanism());

    public override Offer Offer(string directory)
    {
        (UnixSocket ours, UnixSocket theirs) = UnixSocket.CreatePair(SocketType.Stream);
        return new Offer("", [theirs.Handle], () =>
        {
            theirs.Dispose();
            return new StreamConnection(ours.AsStream());
        });
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles) =>
        new StreamConnection(UnixSocket.FromHandle(handles[0]).AsStream());
}
