using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>
/// Several processes at both ends of one channel. Rows take turns as in the suites of messages; a figure is what all receivers took together.
/// </summary>
internal sealed class ScalingSuite : Suite
{
    /// <summary>The messages' size in bytes.</summary>
    public const int Size = 64;

    private const int RoundsMax = 5;
    private const int CountMin = 1024;
    private const int CountMax = 65536;

    public override string Name => "scaling";

    public override string Title => "Scaling: messages a second of all processes together, by how many send and how many receive";

    public override int Rank => 40;

    public override TimeSpan Budget => TimeSpan.FromSeconds(10);

    public override TimeSpan QuickBudget => TimeSpan.FromSeconds(3);

    public override IReadOnlyList<int> Sizes => [Size];

    public override IEnumerable<BenchRow> Rows => Entries.Select(entry => entry.Row.RowOf(entry.Shape));

    public override IEnumerable<(string Row, string Against)> Pairs =>
        from ours in Entries
        where ours.Row is ScaledChannel { IsChannel: true }
        from theirs in Entries
        where theirs.Row is not ScaledChannel { IsChannel: true } && theirs.Shape == ours.Shape
        select (ours.Row.RowOf(ours.Shape).Name, theirs.Row.RowOf(theirs.Shape).Name);

    private static IEnumerable<(ScaledRow Row, Shape Shape)> Entries =>
        from row in BenchCatalog.Scaled
        from shape in Shape.All
        where row.Has(shape)
        select (row, shape);

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new ScalingSuite());

    public override void Run(SuiteRun run)
    {
        List<Contestant> contestants = [];
        foreach ((ScaledRow row, Shape shape) in Entries.Where(entry => run.Wants(entry.Row.RowOf(entry.Shape)) && run.Options.WantsSize(Size)))
        {
            run.Report(0, row.RowOf(shape).Name);
            Prepare(run, row, shape, contestants);
        }
        TimeSpan share = (run.Budget - run.Elapsed) / Math.Max(1, contestants.Count * RoundsMax);
        for (int round = 0; round < RoundsMax && (round == 0 || run.Elapsed < run.Budget); round++)
        {
            foreach (Contestant contestant in contestants)
            {
                run.Report(run.Elapsed / run.Budget, contestant.Name);
                contestant.Measure(run, share);
            }
        }
        contestants.ForEach(contestant => contestant.Add(run));
    }

    // The first round warms up and tells how fast it goes.
    private static void Prepare(SuiteRun run, ScaledRow row, Shape shape, List<Contestant> contestants)
    {
        try
        {
            if (row.Measure(run, shape, CountMin, out string reason) is { } sample)
            {
                contestants.Add(new Contestant(row, shape, sample.Rate));
                return;
            }
            run.AddMissing(row.RowOf(shape), null, reason);
        }
        catch (Exception error) when (error is (IOException and not PeerLostException) or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            run.AddMissing(row.RowOf(shape), null, error.Message);
        }
    }

    private sealed class Contestant(ScaledRow row, Shape shape, double rate)
    {
        private readonly List<double> _rates = [];
        private bool _isLost;

        public string Name => row.RowOf(shape).Name;

        public void Measure(SuiteRun run, TimeSpan share)
        {
            if (_isLost)
            {
                return;
            }
            double affordable = share <= TimeSpan.Zero ? CountMin : rate * share.TotalSeconds;
            try
            {
                if (row.Measure(run, shape, (int)Math.Clamp(affordable, CountMin, CountMax), out _) is { } sample)
                {
                    _rates.Add(sample.Rate);
                }
            }
            catch (ReferenceLostException lost)
            {
                _isLost = true;
                run.AddMissing(row.RowOf(shape), null, lost.Message);
            }
        }

        public void Add(SuiteRun run)
        {
            if (!_isLost)
            {
                run.Add(row.RowOf(shape), Size, Metric.Rate, _rates, "messages/s");
            }
        }
    }
}
