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

    /// <summary>KEY MECHANISM DIRECTORY, of a peer that takes the tool's part: makes both ends. Then comes <see cref="Accept"/>.</summary>
    public const string Offer = "offer";

    public const string Accept = "accept";

    /// <summary>
    /// KEY PART CHUNKS SIZE CPU, of a peer that takes the tool's part: sends first, and answers with the median, the percentile and the wrong ones.
    /// </summary>
    public const string Ping = "ping";

    [ModuleInitializer]
    internal static void Register()
    {
        BenchCatalog.AddRole(Offer, (peer, order) =>
        {
            Offer offer = BenchCatalog.Mechanism(order.Words[1]).Offer(order.Words[2]);
            peer.Answer(offer.Handles, offer.Address);
            peer.Take(Accept);
            peer.Add(order.Int(0), offer.Accept());
            peer.Answer();
        });
        BenchCatalog.AddRole(Ping, (peer, order) =>
        {
            Workspace workspace = peer.Workspace.Value;
            Messages messages = new(order.Int(1), Workspace.NewSeed());
            LatencyRound round = new(Prepared(peer, order, order.Int(3)), messages, peer.Ring, workspace.Ticks, workspace.Samples);
            Placement.Pin(order.Int(4));
            for (int chunk = order.Int(2); chunk > 0; chunk--)
            {
                round.Run(isAsync: false);
            }
            LatencySample sample = round.Sample();
            peer.Answer(sample.P50, sample.P99, round.Wrong);
        });
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
