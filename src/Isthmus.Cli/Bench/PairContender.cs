using System.Globalization;

namespace Isthmus.Cli.Bench;

/// <summary>
/// A mechanism between two further processes whose runtimes believe to have one CPU each, and so never spin, though each stands on a CPU of its own: what
/// waiting costs when it is sleeping.
/// </summary>
internal sealed class PairContender : Contender
{
    private readonly Mechanism _mechanism;
    private readonly PeerProcess _first;
    private readonly PeerProcess _second;
    private readonly int _key;

    public PairContender(ContenderEntry entry, Mechanism mechanism, SuiteRun run)
        : base(entry)
    {
        _mechanism = mechanism;
        _first = PeerProcess.Start(PeerFault.None, cpus: 1);
        _second = PeerProcess.Start(PeerFault.None, cpus: 1);
        try
        {
            _key = _first.Connect(_second, mechanism, run.Directory);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override bool Carries(int size) => _mechanism.Allows(size);

    public override LatencySample Latency(int size, int chunks)
    {
        int part = _mechanism.PartOf(size);
        chunks = Math.Min(chunks, Workspace.ChunksMax(part));
        int secondCpu = Row.Name.EndsWith("-1cpu", StringComparison.Ordinal) ? Placement.First : Placement.Second;
        _second.Send(MessageRoles.Echo, _key, part, Messages.LatencySlots(part) * chunks, size, secondCpu);
        _second.Receive();
        _first.Send(MessageRoles.Ping, _key, part, chunks, size, Placement.First);
        double[] answer = [.. _first.Receive().Words.Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        if (answer[2] != 0)
        {
            throw new CorruptDataException(Row.Name, size, (long)answer[2]);
        }
        _second.Receive();
        return new LatencySample(answer[0], answer[1]);
    }

    public override ThroughputSample Throughput(int size, int chunks) => throw new NotSupportedException();

    public override void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }
}
