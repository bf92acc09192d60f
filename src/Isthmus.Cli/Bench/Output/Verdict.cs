namespace Isthmus.Cli.Bench;

/// <summary>What the figures say, in sentences, and only what they say: a sentence without its figures is left out.</summary>
internal static class Verdict
{
    private const string OneCpuSuffix = "-1cpu";

    private static readonly string[] s_prefixes = ["c:", "bcl:", "peer:", "limit:"];
    private static readonly string[] s_handovers = ["process-1cpu", "thread-1cpu", "coroutine-1cpu"];

    public static IReadOnlyList<string> Of(BenchReport report) =>
        [.. new[]
            {
                Requests(report), OneCpu(report), Async(report), Bulk(report), Losses(report), Reference(report), Handover(report), Spawn(report),
                Inspect(report),
            }
            .OfType<string>()];

    // Of 64 bytes, or of the size nearest to it that was measured.
    private static string? Requests(BenchReport report)
    {
        if (Best(report, "latency", Metric.RoundTripP50) is not { Count: > 0 } best)
        {
            return null;
        }
        BenchResult first = best[0];
        string others = string.Join(", ", best.Skip(1).Take(3).Select(r => $"{r.Mechanism} {Quantity.Time(r.Value)}"));
        string limit = first.LimitRatio is double ratio and >= 1.5 ? $"; a cache line passed by shared memory takes 1/{ratio:0} of that" : "";
        return $"For {first.Size}-byte requests on this machine: {first.Mechanism} answers fastest, in {Quantity.Time(first.Value)}"
            + (others.Length > 0 ? $" (then {others})" : "") + limit + ".";
    }

    private static string? OneCpu(BenchReport report) =>
        Best(report, "latency", Metric.RoundTripP50) is [BenchResult first, ..]
        && report.Find("latency", first.Mechanism + "-1cpu", first.Size, Metric.RoundTripP50) is double together
            ? together < first.Value
                ? $"With both processes on one CPU {first.Mechanism} needs {Quantity.Time(together)}: waking another CPU costs more than the switch."
                : $"With both processes on one CPU {first.Mechanism} needs {Quantity.Time(together)}: two CPUs are worth having."
            : null;

    private static string? Async(BenchReport report) =>
        Compared(report, "latency", c => c.Mechanism.EndsWith("-async", StringComparison.Ordinal)) is string list
            ? $"Awaited, beside the .NET library's own (1.00): {list}." : null;

    private static string? Bulk(BenchReport report)
    {
        BenchResult? best = report.Results.Where(r => r.Suite == "throughput" && r.Metric == Metric.Throughput && IsPlain(r.Mechanism)).MaxBy(r => r.Value);
        return best is null ? null
            : $"For bulk data: {best.Mechanism} with messages of {ByteSize.Format(best.Size!.Value)} carries {Quantity.Bandwidth(best.Value)}"
              + (best.LimitRatio is double ratio ? $", memory itself {ratio:0.0} times that." : ".");
    }

    private static string? Losses(BenchReport report) =>
        report.Results.Where(r => r.Loss is > 0).MaxBy(r => r.Loss) is BenchResult worst
            ? $"{worst.Mechanism} lost up to {Quantity.Percent(worst.Loss!.Value)} of its messages when the sender did not wait:"
              + " it needs a protocol of its own."
            : null;

    private static string? Reference(BenchReport report) =>
        Compared(report, "latency", c => IsPlain(c.Mechanism) && c.Against == "c:" + c.Mechanism) is string list
            ? $"Beside the same program in C (1.00): {list}." : null;

    private static string? Compared(BenchReport report, string suite, Func<Comparison, bool> wanted)
    {
        IEnumerable<Comparison> nearest = report.Comparisons
            .Where(c => c.Suite == suite && c.Metric == Metric.RoundTripP50 && wanted(c))
            .GroupBy(c => c.Mechanism).Select(row => row.MinBy(c => Math.Abs(c.Size!.Value - 64))!);
        string[] ratios = [.. nearest.Select(c =>
            $"{c.Mechanism} {Quantity.Ratio(c.Ratio)} (that against itself {Quantity.Ratio(c.SelfLow)} to {Quantity.Ratio(c.SelfHigh)})")];
        return ratios.Length == 0 ? null : string.Join(", ", ratios);
    }

    private static string? Handover(BenchReport report)
    {
        string[] costs = [.. from row in s_handovers
                             let cost = report.Find("switching", row, 2, Metric.Cost)
                             where cost is not null
                             select $"{row[..^5]} {Quantity.Time(cost.Value)}"];
        return costs.Length == 0 ? null : $"Handing control over on one CPU costs: {string.Join(", ", costs)}.";
    }

    private static string? Spawn(BenchReport report)
    {
        double? ours = report.Find("spawn", "child-process", null, Metric.Cost);
        if (ours is null)
        {
            return null;
        }
        string[] others = [.. report.Comparisons.Where(c => c.Suite == "spawn" && c.Mechanism == "child-process")
            .Select(c => $"{Quantity.Ratio(c.Ratio)} times {c.Against}")];
        return $"Starting a process and awaiting it costs {Quantity.Time(ours.Value)}" + (others.Length > 0 ? $": {string.Join(", ", others)}." : ".");
    }

    // Of as many processes as were planted at most.
    private static string? Inspect(BenchReport report)
    {
        BenchResult? refresh = report.Results.Where(r => r is { Suite: "inspect", Mechanism: "refresh", Metric: Metric.CpuTime }).MaxBy(r => r.Size);
        if (refresh is null)
        {
            return null;
        }
        string[] others = [.. report.Comparisons
            .Where(c => c.Suite == "inspect" && c.Metric == Metric.Cost && c.Size == refresh.Size)
            .Select(c => $"{Quantity.Ratio(c.Ratio)} of {c.Against}'s")];
        return $"Looking at {refresh.Size:N0} processes once a second takes {Quantity.Percent(refresh.Value / 1e9)} of a CPU"
            + (others.Length > 0 ? $"; looking at all of them for the first time takes {string.Join(", ", others)} time." : ".");
    }

    private static bool IsForeign(string mechanism) => s_prefixes.Any(prefix => mechanism.StartsWith(prefix, StringComparison.Ordinal));

    // A variant that touches a part of the message, or sends several at once, answers another question.
    private static bool IsVariant(string mechanism) => BenchCatalog.Mechanisms.Any(m => m.Name == mechanism && m.VariantOf is not null);

    private static bool IsPlain(string mechanism) => !IsForeign(mechanism) && !IsVariant(mechanism)
        && !mechanism.EndsWith(OneCpuSuffix, StringComparison.Ordinal) && !mechanism.EndsWith("-async", StringComparison.Ordinal);

    // Blocking calls, on two CPUs where there are two; sorted, at the size nearest to 64 bytes.
    private static List<BenchResult> Best(BenchReport report, string suite, string metric)
    {
        BenchResult[] own = [.. report.Results.Where(r => r.Suite == suite && r.Metric == metric && !IsForeign(r.Mechanism))];
        BenchResult[] plain = [.. own.Where(r => IsPlain(r.Mechanism))];
        BenchResult[] all = plain.Length > 0 ? plain : [.. own.Where(r => r.Mechanism.EndsWith(OneCpuSuffix, StringComparison.Ordinal))];
        int? size = all.Select(r => r.Size).Distinct().MinBy(s => Math.Abs(s!.Value - 64));
        return [.. all.Where(r => r.Size == size).OrderBy(r => r.Value)];
    }
}
