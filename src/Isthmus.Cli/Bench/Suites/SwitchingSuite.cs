using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>
/// What it costs to hand control over: a token goes round a ring in which all but one wait. The size of a row is how many
/// take part. On two CPUs neighbours stand on different ones.
/// </summary>
internal sealed class SwitchingSuite : Suite
{
    private const int RoundsMax = 9;

    private static readonly TimeSpan s_round = TimeSpan.FromMilliseconds(40);
    private static readonly int[] s_counts = [2, 100, 10_000];
    private static readonly string[] s_families = ["process", "thread", "coroutine"];
    private static readonly string[] s_placements = ["", "-1cpu"];

    public override string Name => "switching";

    public override string Title => "Switching: hand control over, by how many take part";

    public override int Rank => 40;

    public override TimeSpan Budget => TimeSpan.FromSeconds(12);

    public override TimeSpan QuickBudget => TimeSpan.FromSeconds(4);

    public override IEnumerable<BenchRow> Rows =>
        from family in s_families
        from placement in s_placements
        select new BenchRow(family, family + placement);

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new SwitchingSuite());

    public override void Run(SuiteRun run)
    {
        (BenchRow Row, int Count)[] cells =
            [.. from count in s_counts from row in Rows.Where(run.Wants) select (row, count)];
        foreach ((int index, (BenchRow row, int count)) in cells.Index())
        {
            run.Report(index / (double)cells.Length, $"{row.Name}, {count}");
            if (WhyNot(row, count, run.Options.Quick) is string reason)
            {
                run.AddMissing(row, count, reason);
                continue;
            }
            try
            {
                using TokenRing ring = Create(row, count);
                run.Add(row, count, Metric.Cost, Measure(ring, count, run.Budget / cells.Length), "ns");
            }
            catch (Exception error) when (error is IOException or OutOfMemoryException or ThreadStartException)
            {
                run.AddMissing(row, count, error.Message);
            }
        }
    }

    private static string? WhyNot(BenchRow row, int count, bool quick)
    {
        bool oneCpu = row.Name != row.Family;
        return !oneCpu && !Placement.HasTwo ? "Only one CPU is allowed: see the row with -1cpu."
            : row.Family == "process" && count > 1000 ? $"{count} processes would take gigabytes of memory and longer to start than all the rest."
            : row.Family == "thread" && count > 1000 && quick ? $"{count} threads take seconds to start; --quick leaves them out."
            : null;
    }

    private static TokenRing Create(BenchRow row, int count)
    {
        bool oneCpu = row.Name != row.Family;
        return row.Family switch
        {
            "process" => new ProcessRing(count, oneCpu),
            "thread" => new ThreadRing(count, oneCpu),
            _ when oneCpu => new PumpedCoroutineRing(count),
            _ => new CoroutineRing(count),
        };
    }

    // The median of short rounds; each of as many laps as fit, at least one. The first laps warm up.
    private static double Measure(TokenRing ring, int count, TimeSpan budget)
    {
        ring.Run(1);
        TimeSpan lap = Time(ring, 1);
        int laps = (int)Math.Clamp(s_round / lap, 1, 100_000);
        if (laps > 1)
        {
            ring.Run(laps);
        }
        int rounds = (int)Math.Clamp(budget / (lap * laps), 1, RoundsMax);
        return Statistics.Median([.. Enumerable.Range(0, rounds).Select(_ => Time(ring, laps).TotalNanoseconds / laps / count)]);
    }

    private static TimeSpan Time(TokenRing ring, int laps)
    {
        long start = Stopwatch.GetTimestamp();
        ring.Run(laps);
        return Stopwatch.GetElapsedTime(start);
    }
}
