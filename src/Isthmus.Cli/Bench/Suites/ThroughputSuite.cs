using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>One way, as fast as the receiver takes it: how much a mechanism carries.</summary>
internal sealed class ThroughputSuite : MessageSuite
{
    public const string SuiteName = "throughput";

    // Keeps one round short enough to take turns.
    private const int RoundChunksMax = 256;

    public override string Name => SuiteName;

    public override string Title => "Throughput: messages one way, one after the other";

    public override int Rank => 30;

    public override TimeSpan Budget => TimeSpan.FromSeconds(60);

    public override TimeSpan QuickBudget => TimeSpan.FromSeconds(5);

    public override IReadOnlyList<int> Sizes => [8, 64, 512, 4096, 16384, 65536, 262144, 1 << 20, Messages.SizeMax];

    protected override IReadOnlyList<int> WideSizes => [8, Messages.SizeMax];

    protected override IReadOnlyList<int> QuickSizes => [64, 4096, 65536];

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new ThroughputSuite());

    protected override IEnumerable<ContenderEntry> Entries => [.. MemoryCopyContender.Entries, .. base.Entries];

    protected override Rows FormsOf(Mechanism mechanism) => mechanism.Throughput;

    protected override int ChunksMax(int size) => RoundChunksMax;

    protected override double[] Measure(Contender contender, int size, int chunks)
    {
        ThroughputSample sample = contender.Throughput(size, chunks);
        return [sample.Rate, 1 - (sample.Received / (double)sample.Sent)];
    }

    protected override void Add(SuiteRun run, BenchRow row, int size, List<double[]> rounds)
    {
        double[] rates = Column(rounds, 0);
        if (BenchCatalog.Mechanisms.Any(m => m.Family == row.Family && m.Lossy))
        {
            double loss = Math.Round(Statistics.Median(Column(rounds, 1)), 4);
            run.Add(row, size, Metric.Throughput, Statistics.Median([.. rates]) * size, "bytes/s", loss);
            run.Add(row, size, Metric.Rate, Statistics.Median([.. rates]), "messages/s", loss);
            return;
        }
        run.Add(row, size, Metric.Throughput, [.. rates.Select(rate => rate * size)], "bytes/s");
        run.Add(row, size, Metric.Rate, Statistics.Median([.. rates]), "messages/s");
    }
}
