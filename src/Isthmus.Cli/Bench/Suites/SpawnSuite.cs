using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>What it costs to start a process and to wait for its end.</summary>
internal sealed class SpawnSuite : Suite
{
    private const string Program = "/bin/true";
    private const string Large = "-500mb";
    private const int LargeBytes = 500_000_000;
    private const int RoundsMax = 31;
    private const int SpawnsPerRound = 10;

    public override string Name => "spawn";

    public override string Title => "Spawn: start a process and wait for its end";

    public override int Rank => 50;

    public override TimeSpan Budget => TimeSpan.FromSeconds(12);

    public override TimeSpan QuickBudget => TimeSpan.FromSeconds(4);

    public override IEnumerable<BenchRow> Rows =>
    [
        new("child-process", "child-process"), new("bcl:process", "bcl:process"), new("posix_spawn", "c:posix_spawn"),
        new("child-process", "child-process" + Large), new("bcl:process", "bcl:process" + Large), new("posix_spawn", "c:posix_spawn" + Large),
        new("dotnet-child", "dotnet-child"),
    ];

    public override IEnumerable<(string Row, string Against)> Pairs =>
    [
        ("child-process", "c:posix_spawn"), ("child-process", "bcl:process"),
        ("child-process" + Large, "c:posix_spawn" + Large), ("child-process" + Large, "bcl:process" + Large),
    ];

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new SpawnSuite());

    public override void Run(SuiteRun run)
    {
        BenchRow[] rows = [.. Rows.Where(run.Wants)];
        BenchRow[] large = [.. rows.Where(row => row.Name.EndsWith(Large, StringComparison.Ordinal))];
        using ReferenceProgram? program = StartReference(run, rows);
        Measure(run, [.. rows.Except(large)], program, run.Budget * (large.Length == 0 ? 1 : 0.6));
        if (large.Length == 0)
        {
            return;
        }
        if (Machine.MemoryAvailableBytes is > 0 and < 4L * LargeBytes)
        {
            Array.ForEach(large, row => run.AddMissing(row, null, "Less than 2 GB of memory are available."));
            return;
        }
        byte[] resident = new byte[LargeBytes];
        resident.AsSpan().Fill(1);
        program?.Ask($"resident {LargeBytes}");
        Measure(run, large, program, run.Budget);
        GC.KeepAlive(resident);
    }

    private static void Measure(SuiteRun run, BenchRow[] rows, ReferenceProgram? program, TimeSpan end)
    {
        List<(BenchRow Row, Func<double> Measure, List<double> Rounds)> measured =
            [.. from row in rows let measure = MeasureOf(row, program) where measure is not null select (row, measure, new List<double>())];
        measured.ForEach(row => row.Measure()); // Warms up.
        for (int round = 0; round < RoundsMax && (round < 3 || run.Elapsed < end); round++)
        {
            foreach ((BenchRow row, Func<double> measure, List<double> rounds) in measured)
            {
                run.Report(run.Elapsed / run.Budget, row.Name);
                rounds.Add(measure());
            }
        }
        measured.ForEach(row => run.Add(row.Row, null, Metric.Cost, row.Rounds, "ns"));
    }

    private static Func<double>? MeasureOf(BenchRow row, ReferenceProgram? program) => row.Family switch
    {
        "child-process" => () => Time(SpawnsPerRound, StartOurs),
        "bcl:process" => () => Time(SpawnsPerRound, StartBcl),
        "dotnet-child" => () => Time(1, StartDotnet),
        _ => program is null ? null : () => program.Ask(row.Name, 0, $"spawn {SpawnsPerRound}")[0],
    };

    private static double Time(int count, Action start)
    {
        double[] samples = new double[count];
        foreach (ref double sample in samples.AsSpan())
        {
            long before = Stopwatch.GetTimestamp();
            start();
            sample = Stopwatch.GetElapsedTime(before).TotalNanoseconds;
        }
        return Statistics.Median(samples);
    }

    private static void StartOurs()
    {
        using ChildProcess child = ChildProcess.Start(Program);
        child.Wait();
    }

    private static void StartBcl()
    {
        using Process process = Process.Start(new ProcessStartInfo(Program))!;
        process.WaitForExit();
    }

    // The tool itself, which starts, finds nothing to do and ends.
    private static void StartDotnet()
    {
        (string fileName, string[] first) = PeerProcess.Tool();
        using ChildProcess child = ChildProcess.Start(fileName, [.. first, Commands.BenchPeerCommand.Name, Commands.BenchPeerCommand.EndAtOnce]);
        child.Wait();
    }

    private static ReferenceProgram? StartReference(SuiteRun run, BenchRow[] rows)
    {
        BenchRow[] references = [.. rows.Where(row => row.Family == "posix_spawn")];
        if (references.Length == 0)
        {
            return null;
        }
        ReferenceProgram? program = run.References.TryStart("posix_spawn", [], out string reason);
        foreach (BenchRow row in references.Where(_ => program is null))
        {
            run.AddMissing(row, null, reason);
        }
        return program;
    }
}
