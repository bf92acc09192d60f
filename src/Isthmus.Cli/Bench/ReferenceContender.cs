namespace Isthmus.Cli.Bench;

/// <summary>A program in bench/reference, which has its own peer process.</summary>
internal sealed class ReferenceContender(ContenderEntry entry, Func<int, bool> carries, ReferenceProgram program) : Contender(entry)
{
    private readonly int _peerCpu = entry.Form == Bench.Rows.OneCpu ? Placement.First : Placement.Second;

    public override bool Carries(int size) => carries(size);

    public override LatencySample Latency(int size, int chunks)
    {
        double[] answer = program.Ask(Row.Name, size, $"latency {size} {chunks} {Placement.First} {_peerCpu}");
        return new LatencySample(answer[0], answer[1]);
    }

    public override ThroughputSample Throughput(int size, int chunks)
    {
        double[] answer = program.Ask(Row.Name, size, $"throughput {size} {chunks} {Placement.First} {_peerCpu}");
        return new ThroughputSample(answer[0], (long)answer[1], (long)answer[1]);
    }

    public override void Dispose() => program.Dispose();
}
