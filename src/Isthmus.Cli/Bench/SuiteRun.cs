namespace Isthmus.Cli.Bench;

/// <summary>What a suite gets to work with, and where its figures go.</summary>
internal sealed class SuiteRun(Suite suite, BenchRun run)
{
    private readonly long _start = System.Diagnostics.Stopwatch.GetTimestamp();

    public BenchOptions Options => run.Options;

    public TimeSpan Budget { get; } =
        run.Options.Duration ?? (run.Options.Quick ? suite.QuickBudget : suite.Budget);

    public TimeSpan Elapsed => System.Diagnostics.Stopwatch.GetElapsedTime(_start);

    public string Directory => run.Directory;

    public PeerProcess Peer => run.Peer;

    public IReadOnlyList<PeerProcess> Crowd(int count) => run.Crowd(count);

    public ReferencePrograms References => run.References;

    public Workspace Workspace => run.Workspace;

    public bool Wants(BenchRow row) => suite.IsYardstick && !suite.Rows.Any(r => run.Options.Mechanisms.Contains(r.Name, StringComparer.Ordinal))
        || run.Options.WantsRow(row.Family, row.Name);

    public void Add(BenchRow row, int? size, string metric, double value, string unit, double? loss = null) =>
        run.Add(new BenchResult(suite.Name, row.Name, size, metric, Math.Round(value, 2), unit) { Loss = loss });

    /// <summary>A figure that is the median of its rounds, which are also compared with those of other rows.</summary>
    public void Add(BenchRow row, int? size, string metric, IReadOnlyList<double> rounds, string unit)
    {
        Add(row, size, metric, Statistics.Median([.. rounds]), unit);
        run.Add(new Rounds(suite.Name, row.Name, size, metric, rounds));
    }

    public void AddMissing(BenchRow row, int? size, string reason) => run.Add(new BenchGap(suite.Name, row.Name, size, reason));

    /// <summary>Tells how far the suite is (0 to 1), and ends the run when it was cancelled. Called between rounds only.</summary>
    public void Report(double fraction, string what)
    {
        run.CancellationToken.ThrowIfCancellationRequested();
        run.Progress(suite, Math.Clamp(fraction, 0, 1), what);
    }
}
