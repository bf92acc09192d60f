namespace Isthmus.Cli.Bench;

/// <summary>Order statistics. Means say little about times on a shared machine: one interruption outweighs a thousand samples.</summary>
internal static class Statistics
{
    /// <summary>The middle value; of an even number, the mean of the two in the middle. The order of the values is lost.</summary>
    public static double Median(Span<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length);
        values.Sort();
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /// <summary>The value below which this part (0 to 1) of the sorted samples lie; the nearest rank, as in the C reference.</summary>
    public static long Percentile(ReadOnlySpan<long> sorted, double part) =>
        sorted[Math.Min((int)(sorted.Length * part), sorted.Length - 1)];
}
