using System.Xml.Linq;

namespace Isthmus.Cli.Bench;

/// <summary>Rows of a suite that are drawn together: thirty lines in one chart would be a thicket.</summary>
internal sealed record ChartGroup(string Title, string Id, IReadOnlyList<Series> Series, bool OfTime)
{
    private static readonly (string Title, Func<string, bool> Holds)[] s_groups =
    [
        ("Blocking calls, each process on a CPU of its own", name => !IsOneCpu(name) && !IsAsync(name) && !IsForeign(name) && !IsVariant(name)),
        ("Channels", name => IsChannel(name) && !IsOneCpu(name)),
        ("Channels beside what others offer", name => IsChannel(name) && !IsVariant(name) && !IsOneCpu(name) || IsPeer(name)),
        ("Blocking calls, both processes on one CPU", name => IsOneCpu(name) && !IsForeign(name)),
        ("Awaited calls", name => IsAsync(name)),
        ("Beside the same program in C", name => !IsOneCpu(name) && !IsAsync(name) && !IsOneCpuThreads(name) && (HasReference(name) || IsC(name))),
    ];

    public static IEnumerable<ChartGroup> Of(BenchReport report, string suite)
    {
        BenchResult[] results = [.. report.Results.Where(r => r.Suite == suite && r.Size > 0 && (r.Metric is Metric.RoundTripP50 or Metric.Throughput))];
        if (results.Length == 0)
        {
            yield break;
        }
        bool ofTime = results[0].Unit == "ns";
        foreach ((int index, (string title, Func<string, bool> holds)) in s_groups.Index())
        {
            List<Series> series = [.. from result in results where holds(result.Mechanism) group result by result.Mechanism into row select Line(row)];
            if (series.Count > 0)
            {
                series.AddRange(Limit(report, ofTime));
                yield return new ChartGroup(title, $"{suite}-{index}", series, ofTime);
            }
        }
    }

    public XElement Draw()
    {
        string what = OfTime ? "Round-trip time" : "Throughput";
        string lines = string.Join("; ", Series.Where(s => !s.IsLimit).Select(s => $"{s.Name} {Value(s.Points[0].Y)} to {Value(s.Points[^1].Y)}"));
        return new SvgChart(Id, $"{what} by message size: {Title}", lines, x => ByteSize.Format((int)x), Value).Draw(Series);
    }

    private string Value(double y) => OfTime ? Quantity.Time(y) : Quantity.Bandwidth(y);

    private static Series Line(IGrouping<string, BenchResult> row) =>
        new(row.Key, [.. row.OrderBy(r => r.Size).Select(r => ((double)r.Size!.Value, r.Value))]);

    private static IEnumerable<Series> Limit(BenchReport report, bool ofTime)
    {
        double? value = ofTime
            ? report.Find(LimitsSuite.SuiteName, LimitsSuite.CacheLineRow, null, Metric.Cost)
            : report.Find(LimitsSuite.SuiteName, LimitsSuite.MemcpyRow, null, Metric.Throughput);
        return value is double limit ? [new Series(ofTime ? "limit: cache line" : "limit: memcpy", [(1, limit)], IsLimit: true)] : [];
    }

    private static bool IsChannel(string name) => BenchCatalog.Mechanisms.Any(m => m.IsChannel && (m.Name == name || m.Name + "-async" == name));

    private static bool IsVariant(string name) => BenchCatalog.Mechanisms.Any(m => m.Name == name && m.VariantOf is not null);

    private static bool IsPeer(string name) => name.StartsWith("peer:", StringComparison.Ordinal) || name == "bcl:named-pipe";

    private static bool IsOneCpu(string name) => name.EndsWith("-1cpu", StringComparison.Ordinal);

    private static bool IsOneCpuThreads(string name) => name.EndsWith("-1cpu-threads", StringComparison.Ordinal);

    private static bool IsAsync(string name) => name.EndsWith("-async", StringComparison.Ordinal) || name.StartsWith("bcl:", StringComparison.Ordinal);

    private static bool IsC(string name) => name.StartsWith("c:", StringComparison.Ordinal);

    private static bool IsForeign(string name) => name.Contains(':', StringComparison.Ordinal);

    private static bool HasReference(string name) => BenchCatalog.Mechanisms.Any(m => m.Name == name && m.Reference is not null);
}
