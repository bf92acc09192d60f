using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>There and back: how long a request takes to be answered by a process that has nothing else to do.</summary>
internal sealed class LatencySuite : MessageSuite
{
    public override string Name => "latency";

    public override string Title => "Latency: one message there and back";

    public override int Rank => 20;

    public override TimeSpan Budget => TimeSpan.FromSeconds(60);

    public override TimeSpan QuickBudget => TimeSpan.FromSeconds(5);

    public override IReadOnlyList<int> Sizes => [1, 8, 64, 512, 4096, 65536, 1 << 20, Messages.SizeMax];

    protected override IReadOnlyList<int> WideSizes => [1 << 20, Messages.SizeMax];

    protected override IReadOnlyList<int> QuickSizes => [8, 64, 4096];

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new LatencySuite());

    protected override Rows FormsOf(Mechanism mechanism) => mechanism.Latency;

    protected override int ChunksMax(int size) => Workspace.ChunksMax(size);

    protected override double[] Measure(Contender contender, int size, int chunks)
    {
        LatencySample sample = contender.Latency(size, chunks);
        return sample.Mean is double mean ? [sample.P50, sample.P99, mean] : [sample.P50, sample.P99];
    }

    protected override void Add(SuiteRun run, BenchRow row, int size, List<double[]> rounds)
    {
        run.Add(row, size, Metric.RoundTripP50, Column(rounds, 0), "ns");
        run.Add(row, size, Metric.RoundTripP99, Column(rounds, 1), "ns");
        if (rounds[0].Length > 2)
        {
            run.Add(row, size, Metric.RoundTripMean, Column(rounds, 2), "ns");
        }
    }
}
