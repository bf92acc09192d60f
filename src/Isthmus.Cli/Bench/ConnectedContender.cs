using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Cli.Bench;

/// <summary>A mechanism of the catalogue, connected to the peer process.</summary>
internal sealed class ConnectedContender(ContenderEntry entry, Mechanism mechanism, PeerConnection connection, Workspace workspace)
    : Contender(entry)
{
    private readonly bool _async = entry.Form == Bench.Rows.Async;
    private readonly int _ourCpu = entry.Form == Bench.Rows.Async ? Placement.Anywhere : Placement.First;
    private readonly int _peerCpu = entry.Form switch
    {
        Bench.Rows.Async => Placement.Anywhere,
        Bench.Rows.OneCpu => Placement.First,
        _ => Placement.Second,
    };

    public override bool Carries(int size) => mechanism.Allows(size) && connection.Local.Carries(size);

    public override LatencySample Latency(int size, int chunks)
    {
        bool hasMean = mechanism.IsInMemory && !_async;
        int part = mechanism.PartOf(size);
        chunks = Math.Min(chunks, Workspace.ChunksMax(part));
        int count = Messages.LatencySlots(part) * chunks * (hasMean ? 2 : 1);
        string role = _async ? MessageRoles.EchoAsync : MessageRoles.Echo;
        connection.Peer.Send(role, connection.Key, part, count, size, _peerCpu);
        connection.Peer.Receive();
        connection.Local.Prepare(size);
        LatencyRound round = new(connection.Local, new Messages(part, Workspace.NewSeed()), workspace.Ring, workspace.Ticks, workspace.Samples);
        Placement.Pin(_ourCpu);
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            round.Run(_async);
            if (hasMean)
            {
                round.RunPlain();
            }
            Expect(size, round.Wrong);
        }
        Placement.Pin(Placement.Anywhere);
        connection.Peer.Receive();
        LatencySample sample = round.Sample();
        return sample with { Mean = mechanism.MeasureBare(connection.Peer, count) ?? sample.Mean };
    }

    public override ThroughputSample Throughput(int size, int chunks)
    {
        int count = mechanism.IsInMemory ? Messages.InMemorySlots(size) : Messages.ThroughputSlots(size);
        ulong seed = Workspace.NewSeed();
        Messages messages = new(size, seed);
        string role = mechanism.Lossy ? MessageRoles.LossySink : _async ? MessageRoles.SinkAsync : MessageRoles.Sink;
        connection.Peer.Send(role, connection.Key, size, chunks, seed, _peerCpu, count);
        connection.Local.Prepare(size);
        byte[]? batch = connection.Local.Batches ? messages.Batch() : null;
        long ticks = 0;
        long received = 0;
        Placement.Pin(_ourCpu);
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            connection.Peer.Receive();
            long start = SendChunk(messages, batch, count);
            PeerOrder answer = connection.Peer.Receive();
            Expect(size, answer.Int(1));
            ticks += long.Parse(answer.Words[0], CultureInfo.InvariantCulture) - start;
            received += mechanism.Lossy ? answer.Int(2) : count;
        }
        Placement.Pin(Placement.Anywhere);
        return new ThroughputSample(Nanoseconds(ticks), (long)count * chunks, received);
    }

    public override void Dispose() => connection.Dispose();

    private static double Nanoseconds(long ticks) => ticks * (1e9 / Stopwatch.Frequency);

    private long SendChunk(Messages messages, byte[]? batch, int count)
    {
        if (mechanism.Lossy)
        {
            long first = LossyStream.Send(connection.Local, messages, workspace.Ring.AsSpan(0, messages.Size), count);
            connection.Peer.Send(LossyStream.AllSent);
            return first;
        }
        long start = Stopwatch.GetTimestamp();
        if (batch is not null)
        {
            PingPong.SendBatches(connection.Local, batch, messages.Size, count);
        }
        else if (_async)
        {
            PingPong.SendAsync(connection.Local, messages, count).GetAwaiter().GetResult();
        }
        else
        {
            PingPong.Send(connection.Local, messages, count);
        }
        return start;
    }

    private void Expect(int size, int wrong)
    {
        if (wrong != 0)
        {
            throw new CorruptDataException(Row.Name, size, wrong);
        }
    }
}
