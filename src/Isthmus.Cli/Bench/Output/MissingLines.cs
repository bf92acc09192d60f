namespace Isthmus.Cli.Bench;

/// <summary>What was not measured, one line for each reason.</summary>
internal static class MissingLines
{
    public static IEnumerable<string> Of(BenchReport report) =>
        from gap in report.Missing
        group gap by (gap.Suite, gap.Reason) into gaps
        let rows = gaps.Select(gap => gap.Size is int size ? $"{gap.Mechanism} ({size:N0})" : gap.Mechanism)
        select $"{gaps.Key.Suite}: {string.Join(", ", rows)}. {gaps.Key.Reason}";
}
