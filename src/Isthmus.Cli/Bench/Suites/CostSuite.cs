using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>What two calls that undo each other cost when nobody is in the way. A row is a <see cref="CostOperation"/>.</summary>
internal sealed class CostSuite : Suite
{
    private const int RoundsMax = 101;
    private const int WarmUpCount = 1000;
    private const double RoundNanoseconds = 2e6;

    // The runtime compiles what is called often a second time, in the background, a tenth of a second after the start.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(300);

    public override string Name => "cost";

    public override string Title => "Cost: acquire and release when nobody is in the way";

    public override int Rank => 60;

    public override TimeSpan Budget => TimeSpan.FromSeconds(6);

    public override TimeSpan QuickBudget => TimeSpan.FromSeconds(2);

    public override IEnumerable<BenchRow> Rows => BenchCatalog.Costs.SelectMany(RowsOf);

    public override IEnumerable<(string Row, string Against)> Pairs =>
        from operation in BenchCatalog.Costs
        where operation.Reference is not null
        select (operation.Name, ReferenceRow(operation).Name);

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new CostSuite());

    public override void Run(SuiteRun run)
    {
        List<IDisposable> made = [];
        try
        {
            Contestant[] contestants = [.. BenchCatalog.Costs.SelectMany(operation => Prepare(run, operation, made))];
            TimeSpan warmUp = TimeSpan.FromTicks(Math.Min(s_warmUp.Ticks, (run.Budget / 3).Ticks / Math.Max(1, contestants.Length)));
            int[] counts = [.. contestants.Select(contestant => WarmUp(contestant, warmUp))];
            for (int round = 0; round < RoundsMax && (round < 3 || run.Elapsed < run.Budget); round++)
            {
                foreach ((int index, Contestant contestant) in contestants.Index())
                {
                    run.Report(run.Elapsed / run.Budget, contestant.Row.Name);
                    contestant.Rounds.Add(contestant.Measure(counts[index]));
                }
            }
            Array.ForEach(contestants, contestant => run.Add(contestant.Row, null, Metric.Cost, contestant.Rounds, "ns"));
        }
        finally
        {
            made.ForEach(one => one.Dispose());
        }
    }

    private static IEnumerable<BenchRow> RowsOf(CostOperation operation) =>
        operation.Reference is null ? [OwnRow(operation)] : [OwnRow(operation), ReferenceRow(operation)];

    private static BenchRow OwnRow(CostOperation operation) => new(operation.Name, operation.Name);

    private static BenchRow ReferenceRow(CostOperation operation) => new(operation.Name, "c:" + operation.Name);

    // Those of its rows that are wanted and can be had.
    private static List<Contestant> Prepare(SuiteRun run, CostOperation operation, List<IDisposable> made)
    {
        BenchRow[] wanted = [.. RowsOf(operation).Where(run.Wants)];
        List<Contestant> contestants = [];
        if (wanted.Length == 0)
        {
            return contestants;
        }
        try
        {
            CostLoop loop = operation.Prepare(run.Directory);
            made.Add(loop);
            foreach (BenchRow row in wanted)
            {
                if (row == OwnRow(operation))
                {
                    contestants.Add(new Contestant(row, count => Time(loop, count)));
                }
                else if (run.References.TryStart(operation.Reference!, loop.ReferenceArguments, out string reason) is { } program)
                {
                    // Before the loop, in the reverse order: it uses the loop's object.
                    made.Insert(0, program);
                    contestants.Add(new Contestant(row, count => program.Ask(row.Name, 0, Command(count))[0]));
                }
                else
                {
                    run.AddMissing(row, null, reason);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            Array.ForEach(wanted, row => run.AddMissing(row, null, error.Message));
            contestants.Clear();
        }
        return contestants;
    }

    private static string Command(int count) => string.Create(CultureInfo.InvariantCulture, $"run {count}");

    // How many fit into a round, once it runs as fast as it will.
    private static int WarmUp(Contestant contestant, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        double each;
        do
        {
            each = contestant.Measure(WarmUpCount);
        }
        while (Stopwatch.GetElapsedTime(start) < time);
        return (int)Math.Clamp(RoundNanoseconds / each, 1, 1_000_000);
    }

    private static double Time(CostLoop loop, int count)
    {
        long start = Stopwatch.GetTimestamp();
        loop.Run(count);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }

    /// <summary>A row as it is measured: so many times, ns each.</summary>
    private sealed record Contestant(BenchRow Row, Func<int, double> Measure)
    {
        public List<double> Rounds { get; } = [];
    }
}
