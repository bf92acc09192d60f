using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>What the machine itself takes: the yardsticks of the other suites.</summary>
internal sealed class LimitsSuite : Suite
{
    public const string SuiteName = "limits";
    public const string CacheLineRow = "cache-line";
    public const string MemcpyRow = "memcpy-cache";

    private const int RoundsMax = 15;
    private const int ExchangesPerRound = 20_000;
    private const int SyscallsPerRound = 100_000;

    // Fits with its copy into the second-level cache of any machine of the last ten years, and not into the first.
    private const int CacheBytes = 96 << 10;

    // Larger than the last-level cache of all but a few servers; source and copy are each this large.
    private const int MemoryBytes = 128 << 20;

    public override string Name => SuiteName;

    public override string Title => "Limits: what the machine itself takes";

    public override int Rank => 10;

    public override TimeSpan Budget => TimeSpan.FromSeconds(6);

    public override TimeSpan QuickBudget => TimeSpan.FromSeconds(2);

    public override bool IsYardstick => true;

    public override IEnumerable<BenchRow> Rows =>
    [
        new("cache-line", CacheLineRow), new("cache-line", "c:cache-line"), new("memcpy", MemcpyRow), new("memcpy", "memcpy-memory"),
        new("syscall", "syscall"), new("syscall", "c:syscall"),
    ];

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new LimitsSuite());

    public override void Run(SuiteRun run)
    {
        BenchRow[] rows = [.. Rows.Where(run.Wants)];
        using ReferenceProgram? program = StartReference(run, rows);
        Func<BenchRow, Func<double>?> measureOf = row => row.Name switch
        {
            CacheLineRow => Placement.HasTwo ? () => CacheLine.Measure(run.Peer, ExchangesPerRound) : null,
            "c:cache-line" => Placement.HasTwo && program is not null ? () => Ask(program, "cache-line", ExchangesPerRound) : null,
            MemcpyRow => Copy(CacheBytes, 1000),
            "memcpy-memory" => Copy(run.Options.Quick ? MemoryBytes / 2 : MemoryBytes, 1),
            "syscall" => Syscalls,
            _ => program is not null ? () => Ask(program, "syscall", SyscallsPerRound) : null,
        };
        List<(BenchRow Row, Func<double> Measure, List<double> Rounds)> measured =
            [.. from row in rows let measure = measureOf(row) where measure is not null select (row, measure, new List<double>())];
        foreach (BenchRow row in rows.Where(row => row.Family == CacheLineRow && !Placement.HasTwo))
        {
            run.AddMissing(row, null, "Only one CPU is allowed: a line cannot travel.");
        }
        Measure(run, measured);
    }

    private static void Measure(SuiteRun run, List<(BenchRow Row, Func<double> Measure, List<double> Rounds)> rows)
    {
        rows.ForEach(row => row.Measure()); // Warms up.
        for (int round = 0; round < RoundsMax && (round < 3 || run.Elapsed < run.Budget); round++)
        {
            foreach ((BenchRow row, Func<double> measure, List<double> rounds) in rows)
            {
                run.Report(round / (double)RoundsMax, row.Name);
                rounds.Add(measure());
            }
        }
        foreach ((BenchRow row, _, List<double> rounds) in rows)
        {
            bool copies = row.Family == "memcpy";
            run.Add(row, null, copies ? Metric.Throughput : Metric.Cost, Statistics.Median([.. rounds]), copies ? "bytes/s" : "ns");
        }
    }

    private static ReferenceProgram? StartReference(SuiteRun run, BenchRow[] rows)
    {
        BenchRow[] references = [.. rows.Where(row => row.Name.StartsWith("c:", StringComparison.Ordinal) && (Placement.HasTwo || row.Family != CacheLineRow))];
        if (references.Length == 0)
        {
            return null;
        }
        ReferenceProgram? program = run.References.TryStart("limits", [], out string reason);
        foreach (BenchRow row in references.Where(_ => program is null))
        {
            run.AddMissing(row, null, reason);
        }
        return program;
    }

    private static double Ask(ReferenceProgram program, string what, int count) =>
        program.Ask(what, 0, $"{what} {count} {Placement.First} {Placement.Second}")[0];

    private static Func<double> Copy(int bytes, int times)
    {
        byte[] source = new byte[bytes];
        byte[] target = new byte[bytes];
        source.AsSpan().Fill(1);
        target.AsSpan().Fill(2);
        return () =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < times; i++)
            {
                source.AsSpan().CopyTo(target);
            }
            return (double)bytes * times / Stopwatch.GetElapsedTime(start).TotalSeconds;
        };
    }

    // The cheapest call into the kernel that the library has: it asks for the thread's number and nothing else.
    private static double Syscalls()
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < SyscallsPerRound; i++)
        {
            _ = CurrentThread.Id;
        }
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / SyscallsPerRound;
    }
}
