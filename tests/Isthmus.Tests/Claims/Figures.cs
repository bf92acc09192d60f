using System.Globalization;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Claims;

/// <summary>The figures of docs/benchmarks.md, so that what the guide says about cost cannot contradict them.</summary>
internal static class Figures
{
    public const string Latency = "## Latency";
    public const string Throughput = "## Throughput";
    public const string Switching = "## Switching";
    public const string Cost = "## Cost";

    // Two runs of the same thing differ by that much.
    private const double Margin = 0.9;

    /// <summary>
    /// Whether the first row costs clearly less than the second wherever both have a figure (true), nowhere (false), or at some
    /// sizes (half true).
    /// </summary>
    public static Verdict IsCheaper(string suite, string row, string than)
    {
        bool[] cheaper =
        [
            .. from pair in Row(suite, row).Zip(Row(suite, than))
               where pair.First is not null && pair.Second is not null
               select pair.First < Margin * pair.Second,
        ];
        Assert.NotEmpty(cheaper);
        return cheaper.All(less => less) ? Verdict.True : cheaper.Any(less => less) ? Verdict.HalfTrue : Verdict.False;
    }

    /// <summary>The rows of a suite; without those of others, which have a prefix.</summary>
    public static IEnumerable<string> Names(string suite) =>
        from cells in Table(suite).Skip(2)
        let name = cells[0].Trim('`')
        where !name.Contains(':', StringComparison.Ordinal)
        select name;

    /// <summary>One cell; null where there is none.</summary>
    public static string? Cell(string suite, string row, string size)
    {
        string[][] table = [.. Table(suite)];
        string[]? found = table.FirstOrDefault(cells => cells[0] == $"`{row}`");
        int column = Array.IndexOf(table[0], size);
        return found is null || found[column].Length == 0 ? null : found[column];
    }

    private static double?[] Row(string suite, string name)
    {
        string[] row = Assert.Single(Table(suite), cells => cells[0] == $"`{name}`");
        return [.. row.Skip(1).Select(cell => cell.Length == 0 ? (double?)null : double.Parse(cell, CultureInfo.InvariantCulture))];
    }

    private static IEnumerable<string[]> Table(string suite) =>
        Source.Read("docs/benchmarks.md").Split('\n')
            .SkipWhile(line => !line.StartsWith(suite, StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith('|'))
            .Select(line => line.Split('|')[1..^1].Select(cell => cell.Trim()).ToArray());
}
