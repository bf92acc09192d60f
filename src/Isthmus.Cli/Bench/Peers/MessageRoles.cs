using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>The peer's side of latency and throughput.</summary>
internal static class MessageRoles
{
    /// <summary>KEY PART COUNT SIZE CPU</summary>
    public const string Echo = "echo";

    /// <summary>KEY PART COUNT SIZE CPU</summary>
    public const string EchoAsync = "echo-async";

    /// <summary>KEY SIZE CHUNKS SEED CPU COUNT</summary>
    public const string Sink = "sink";

    /// <summary>KEY SIZE CHUNKS SEED CPU COUNT</summary>
    public const string SinkAsync = "sink-async";

    /// <summary>KEY SIZE CHUNKS SEED CPU COUNT</summary>
    public const string LossySink = "lossy-sink";

    [ModuleInitializer]
    internal static void Register()
    {
        BenchCatalog.AddRole(Echo, (peer, order) =>
        {
            Connection connection = Prepared(peer, order, order.Int(3));
            peer.Answer();
            Placement.Pin(order.Int(4));
            PingPong.Echo(connection, peer.Ring.AsSpan(0, order.Int(1)), order.Int(2));
            peer.Answer();
        });
        BenchCatalog.AddRole(EchoAsync, (peer, order) =>
        {
            Connection connection = Prepared(peer, order, order.Int(3));
            peer.Answer();
            Placement.Pin(order.Int(4));
            PingPong.EchoAsync(connection, peer.Ring.AsMemory(0, order.Int(1)), order.Int(2)).GetAwaiter().GetResult();
            peer.Answer();
        });
        BenchCatalog.AddRole(Sink, (peer, order) =>
        {
            Connection connection = Prepared(peer, order, order.Int(1));
            Placement.Pin(order.Int(4));
            ReceiveChunks(peer, order, (size, count) => PingPong.Receive(connection, peer.Ring, size, count));
        });
        BenchCatalog.AddRole(SinkAsync, (peer, order) =>
        {
            Connection connection = Prepared(peer, order, order.Int(1));
            Placement.Pin(order.Int(4));
            ReceiveChunks(peer, order, (size, count) => PingPong.ReceiveAsync(connection, peer.Ring, size, count).GetAwaiter().GetResult());
        });
        BenchCatalog.AddRole(LossySink, (peer, order) =>
        {
            Placement.Pin(order.Int(4));
            LossyStream.Receive(peer, order);
        });
    }

    private static Connection Prepared(PeerProgram peer, PeerOrder order, int size)
    {
        Connection connection = peer.Connection(order.Int(0));
        connection.Prepare(size);
        return connection;
    }

    // Answers twice a chunk: ready, and done with the time of the last receipt and the number of wrong messages.
    private static void ReceiveChunks(PeerProgram peer, PeerOrder order, Action<int, int> receive)
    {
        int size = order.Int(1);
        int count = order.Int(5);
        Messages messages = new(size, order.Seed(3));
        for (int chunk = order.Int(2); chunk > 0; chunk--)
        {
            peer.Answer();
            receive(size, count);
            long end = Stopwatch.GetTimestamp();
            peer.Answer(end, messages.CountWrong(peer.Ring, count));
        }
    }
}
