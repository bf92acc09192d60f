namespace Isthmus.Cli.Bench;

/// <summary>
/// Two rows side by side, round by round, so that what the machine does meanwhile cancels out. <paramref name="Ratio"/> is how many
/// times as long the row takes as the one that it is compared with (for rates likewise: above 1 is slower): the lower quartile of
/// the rounds, because disturbances only ever add. <paramref name="SelfLow"/> and <paramref name="SelfHigh"/> are the quartiles of the
/// other row's rounds against its own next ones: what two runs of the same program differ by. A ratio within them is no difference.
/// </summary>
internal sealed record Comparison(
    string Suite, string Mechanism, string Against, int? Size, string Metric, double Ratio, double SelfLow, double SelfHigh, int Pairs)
{
    public static Comparison? Of(Rounds row, Rounds against)
    {
        int pairs = Math.Min(row.Values.Count, against.Values.Count);
        if (pairs < 2)
        {
            return null;
        }
        double[] ratios = [.. row.Values.Zip(against.Values, (ours, theirs) => row.Slowness(ours, theirs)).Order()];
        double[] self = [.. against.Values.Zip(against.Values.Skip(1), row.Slowness).Order()];
        return new Comparison(
            row.Suite, row.Mechanism, against.Mechanism, row.Size, row.Metric,
            Rounded(ratios, 0.25), Rounded(self, 0.25), Rounded(self, 0.75), pairs);
    }

    private static double Rounded(double[] sorted, double part) =>
        Math.Round(sorted[Math.Min((int)(sorted.Length * part), sorted.Length - 1)], 3);
}

/// <summary>The figures of one row, round by round.</summary>
internal sealed record Rounds(string Suite, string Mechanism, int? Size, string Metric, IReadOnlyList<double> Values)
{
    /// <summary>How many times as long; of rates the other way round.</summary>
    public double Slowness(double first, double second) =>
        Metric is Bench.Metric.Rate or Bench.Metric.Throughput or Bench.Metric.Operations ? second / first : first / second;
}
