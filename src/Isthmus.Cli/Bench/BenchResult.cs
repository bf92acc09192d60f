namespace Isthmus.Cli.Bench;

/// <summary>
/// One figure. (suite, mechanism, size, metric) is unique in a run; size is null where it has no meaning, and in the suite
/// <c>switching</c> it is how many take part.
/// </summary>
internal sealed record BenchResult(string Suite, string Mechanism, int? Size, string Metric, double Value, string Unit)
{
    /// <summary>How far from the machine's limit: value/limit for times, limit/value for rates; null without a limit.</summary>
    public double? LimitRatio { get; init; }

    /// <summary>The part of the messages sent that did not arrive, for a mechanism that may lose them; null for the others.</summary>
    public double? Loss { get; init; }
}

/// <summary>What was asked for and could not be measured here, and why.</summary>
internal sealed record BenchGap(string Suite, string Mechanism, int? Size, string Reason);

/// <summary>All of one run.</summary>
internal sealed record BenchReport(
    Machine Machine, IReadOnlyList<BenchResult> Results, IReadOnlyList<Comparison> Comparisons, IReadOnlyList<BenchGap> Missing)
{
    public double? Find(string suite, string mechanism, int? size, string metric) =>
        Results.FirstOrDefault(r => r.Suite == suite && r.Mechanism == mechanism && r.Size == size && r.Metric == metric)?.Value;
}

/// <summary>The names of what is measured.</summary>
internal static class Metric
{
    public const string RoundTripP50 = "round_trip_p50";
    public const string RoundTripP99 = "round_trip_p99";
    public const string RoundTripMean = "round_trip_mean";
    public const string Throughput = "throughput";
    public const string Rate = "rate";
    public const string Cost = "cost";
    public const string CpuTime = "cpu_time";
    public const string Operations = "operations";
    public const string Fairness = "fairness";
}
