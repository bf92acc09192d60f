namespace Isthmus.Cli.Bench;

/// <summary>The report as one table a suite.</summary>
internal static class ReportTables
{
    public static IEnumerable<TextTable> Of(BenchReport report)
    {
        foreach (Suite suite in BenchCatalog.Suites)
        {
            List<BenchResult> results = [.. report.Results.Where(result => result.Suite == suite.Name)];
            if (results.Count > 0)
            {
                yield return results.Any(result => result.Size is not null) ? BySize(suite, results) : Plain(suite, results);
            }
            foreach (IGrouping<bool, Comparison> comparisons in report.Comparisons
                .Where(c => c.Suite == suite.Name && c.Metric is not Metric.RoundTripP99).GroupBy(c => c.Metric is Metric.RoundTripMean))
            {
                yield return SideBySide(suite, [.. comparisons], comparisons.Key ? ", with no clock among the messages" : "");
            }
        }
    }

    // How many times as long ours takes; in the last column what the other row differs from itself by, at the worst size.
    private static TextTable SideBySide(Suite suite, List<Comparison> comparisons, string remark)
    {
        int?[] sizes = [.. comparisons.Select(c => c.Size).Distinct().Order()];
        return new TextTable(
            suite.Name,
            $"{suite.Name}, side by side: times as long{remark}",
            ["mechanism", "against", .. sizes.Select(size => size is int value ? SizeName(suite, value) : "ratio"), "against itself"],
            [.. comparisons.GroupBy(c => (c.Mechanism, c.Against)).Select(pair => new[] { pair.Key.Mechanism, pair.Key.Against }
                .Concat(sizes.Select(size => pair.FirstOrDefault(c => c.Size == size) is Comparison c ? Quantity.Ratio(c.Ratio) : ""))
                .Append($"{Quantity.Ratio(pair.Min(c => c.SelfLow))} to {Quantity.Ratio(pair.Max(c => c.SelfHigh))}").ToArray())]);
    }

    private static TextTable Plain(Suite suite, List<BenchResult> results) => new(
        suite.Name,
        suite.Title,
        ["mechanism", "figure"],
        [.. results.Select(r => new[] { r.Mechanism, Quantity.Of(r) })]);

    // The first metric of the suite in a column for each size; of the smallest size the others; the loss where there is any.
    private static TextTable BySize(Suite suite, List<BenchResult> results)
    {
        string metric = results[0].Metric;
        int[] sizes = [.. results.Select(r => r.Size!.Value).Distinct().Order()];
        int shown = sizes.Contains(suite.TypicalSize) ? suite.TypicalSize : sizes[0];
        string[] further = [.. results.Select(r => r.Metric).Distinct().Where(m => m != metric)];
        bool ratios = results.Any(r => r.LimitRatio is not null);
        bool losses = results.Any(r => r.Loss is not null);
        Func<int, string> name = size => SizeName(suite, size);
        string[] columns =
        [
            "mechanism", .. sizes.Select(name), .. further.Select(m => $"{Label(m)}, {name(shown)}"),
            .. ratios ? new[] { $"against the limit, {name(shown)}" } : [],
            .. losses ? new[] { "lost at worst" } : [],
        ];
        return new TextTable(suite.Name, suite.Title, columns, [.. results.GroupBy(r => r.Mechanism).Select(Row)]);

        string[] Row(IGrouping<string, BenchResult> row)
        {
            BenchResult? Find(int size, string what) => row.FirstOrDefault(r => r.Size == size && r.Metric == what);
            return
            [
                row.Key, .. sizes.Select(size => Cell(Find(size, metric))), .. further.Select(m => Cell(Find(shown, m))),
                .. ratios ? new[] { Ratio(Find(shown, metric)) } : [],
                .. losses ? new[] { row.Max(r => r.Loss) is double loss ? Quantity.Percent(loss) : "" } : [],
            ];
        }
    }

    // A suite without message sizes counts who takes part.
    private static string SizeName(Suite suite, int size) => suite.Sizes.Count == 0 ? $"{size:N0}" : ByteSize.Format(size);

    private static string Label(string metric) => metric switch
    {
        Metric.RoundTripP99 => "99 of 100",
        Metric.RoundTripMean => "mean",
        Metric.Rate => "messages",
        Metric.CpuTime => "CPU time",
        _ => metric,
    };

    private static string Cell(BenchResult? result) => result is null ? "" : Quantity.Of(result);

    private static string Ratio(BenchResult? result) => result?.LimitRatio is double ratio ? Quantity.Times(ratio) : "";
}
