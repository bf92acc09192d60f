using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Isthmus.Inspection;

namespace Isthmus.Cli.Bench;

/// <summary>
/// What it costs to see who holds what on a machine: all of it once, beside others who look at the same, and again and again while few processes
/// run. The size of a row is how many processes were planted, beside those that the machine has.
/// </summary>
internal sealed class InspectSuite : Suite
{
    private const int Quick = 100;
    private const int Many = 4000;
    private const int RoundsMin = 2;
    private const int RoundsMax = 15;
    private const int Refreshes = 5;

    // One of twenty planted processes wakes up more often than that (plant.c).
    private static readonly TimeSpan s_betweenRefreshes = TimeSpan.FromMilliseconds(300);
    private static readonly int[] s_counts = [Quick, 1000, Many];

    private static readonly BenchRow s_snapshot = new("snapshot", "snapshot");
    private static readonly BenchRow s_refresh = new("snapshot", "refresh");
    private static readonly BenchRow s_sweep = new("sweep", "c:sweep");
    private static readonly BenchRow s_lsof = new("lsof", "peer:lsof");
    private static readonly BenchRow s_lsfd = new("lsfd", "peer:lsfd");

    public override string Name => "inspect";

    public override string Title => "Inspect: see all processes and what they hold, by how many were planted, with 20 descriptors each";

    public override int Rank => 80;

    public override TimeSpan Budget => TimeSpan.FromSeconds(10);

    public override TimeSpan QuickBudget => TimeSpan.FromSeconds(4);

    public override int TypicalSize => 1000;

    public override IEnumerable<BenchRow> Rows => [s_snapshot, s_refresh, s_lsof, s_lsfd, s_sweep];

    public override IEnumerable<(string Row, string Against)> Pairs =>
        [(s_snapshot.Name, s_lsof.Name), (s_snapshot.Name, s_lsfd.Name), (s_snapshot.Name, s_sweep.Name)];

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new InspectSuite());

    public override void Run(SuiteRun run)
    {
        BenchRow[] rows = [.. Rows.Where(run.Wants)];
        if (rows.Length == 0)
        {
            return;
        }
        string directory = Path.Combine(run.Directory, Name);
        Directory.CreateDirectory(directory);
        using ReferenceProgram? plant = run.References.TryStart("plant", [], out string reason);
        int[] counts = [.. s_counts.Where(count => !run.Options.Quick || count == Quick)];
        int planted = 0;
        foreach ((int index, int count) in counts.Index())
        {
            string? obstacle = plant is null ? reason : WhyNot(run, count) ?? TryPlant(plant, count - planted, directory);
            if (obstacle is not null)
            {
                Array.ForEach(rows, row => run.AddMissing(row, count, obstacle));
                continue;
            }
            planted = count;
            Measure(run, rows, count, (index, counts.Length));
        }
    }

    private static string? WhyNot(SuiteRun run, int count) => count == Many && run.Options.Suites.Count == 0
        ? "It takes a minute: ask for this suite by its name."
        : null;

    // Why it could not be done: a limit on processes (RLIMIT_NPROC, pids.max) or descriptors.
    private static string? TryPlant(ReferenceProgram plant, int count, string directory)
    {
        try
        {
            plant.Ask(string.Create(CultureInfo.InvariantCulture, $"plant {count} {directory}"));
            return null;
        }
        catch (IOException error)
        {
            return error.Message;
        }
    }

    private static void Measure(SuiteRun run, BenchRow[] rows, int count, (int Index, int Of) part)
    {
        List<Contestant> contestants = Prepare(run, rows, count);
        contestants.ForEach(one => one.Measure()); // Warms up.
        TimeSpan start = run.Elapsed;
        TimeSpan budget = run.Budget / part.Of;
        for (int round = 0; round < RoundsMax && (round < RoundsMin || run.Elapsed - start < budget); round++)
        {
            foreach (Contestant one in contestants)
            {
                run.Report((part.Index + Math.Min((run.Elapsed - start) / budget, 1)) / part.Of, $"{one.Row.Name}, {count}");
                one.Rounds.Add(one.Measure());
            }
        }
        foreach (Contestant one in contestants)
        {
            run.Add(one.Row, count, Metric.Cost, [.. one.Rounds.Select(each => each.Elapsed.TotalNanoseconds)], "ns");
            if (one.Rounds.TrueForAll(each => each.Cpu is not null))
            {
                run.Add(one.Row, count, Metric.CpuTime, [.. one.Rounds.Select(each => each.Cpu!.Value.TotalNanoseconds)], "ns");
            }
        }
        if (rows.Contains(s_refresh))
        {
            MeasureRefresh(run, count);
        }
    }

    private static List<Contestant> Prepare(SuiteRun run, BenchRow[] rows, int count)
    {
        List<Contestant> contestants = [];
        foreach (BenchRow row in rows.Where(row => row != s_refresh))
        {
            try
            {
                if (row == s_snapshot)
                {
                    contestants.Add(new Contestant(row, () => Time(() => TakeEverything())));
                }
                else if (row != s_sweep)
                {
                    string[] command = row == s_lsof ? ["lsof", "-E"] : ["lsfd"];
                    Run(command);
                    contestants.Add(new Contestant(row, () => Run(command)));
                }
                else if (run.References.TryStart("sweep", [], out string reason) is { } sweep)
                {
                    contestants.Add(new Contestant(row, () => (TimeSpan.FromMicroseconds(sweep.Ask(row.Name, 0, "run 1")[0] / 1000), null)));
                }
                else
                {
                    run.AddMissing(row, count, reason);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                run.AddMissing(row, count, error.Message);
            }
        }
        return contestants;
    }

    // The time between two of them is not theirs, so it is the CPU time that tells what they cost.
    private static void MeasureRefresh(SuiteRun run, int count)
    {
        Snapshot snapshot = TakeEverything();
        List<(TimeSpan Elapsed, TimeSpan? Cpu)> rounds = [];
        for (int round = 0; round <= Refreshes; round++)
        {
            run.Report(run.Elapsed / run.Budget, $"{s_refresh.Name}, {count}");
            using ManualResetEventSlim never = new();
            never.Wait(s_betweenRefreshes);
            (TimeSpan Elapsed, TimeSpan? Cpu) taken = Time(() => snapshot = snapshot.Refresh());
            if (round > 0)
            {
                rounds.Add(taken);
            }
        }
        run.Add(s_refresh, count, Metric.Cost, [.. rounds.Select(each => each.Elapsed.TotalNanoseconds)], "ns");
        run.Add(s_refresh, count, Metric.CpuTime, [.. rounds.Select(each => each.Cpu!.Value.TotalNanoseconds)], "ns");
    }

    private static Snapshot TakeEverything() => Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });

    private static (TimeSpan Elapsed, TimeSpan? Cpu) Time(Action action)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        action();
        return (Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - cpu);
    }

    private static (TimeSpan Elapsed, TimeSpan? Cpu) Run(string[] command)
    {
        long start = Stopwatch.GetTimestamp();
        using ChildProcess process = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = command[0],
            Arguments = command[1..],
            StandardInput = StandardStream.Null,
            StandardOutput = StandardStream.Null,
            StandardError = StandardStream.Null,
        });
        ExitStatus status = process.Wait();
        return (Stopwatch.GetElapsedTime(start), status.UserTime + status.SystemTime);
    }

    /// <summary>A row as it is measured, one look at a time.</summary>
    private sealed record Contestant(BenchRow Row, Func<(TimeSpan Elapsed, TimeSpan? Cpu)> Measure)
    {
        public List<(TimeSpan Elapsed, TimeSpan? Cpu)> Rounds { get; } = [];
    }
}
