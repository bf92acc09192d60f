using System.Reflection;
using System.Text;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Claims;

/// <summary>
/// The tables in docs/guide/choosing.md are made from the tests of the claims, and from docs/benchmarks.md. Run with
/// UPDATE_SNAPSHOTS=1 to write them anew.
/// </summary>
public sealed class ChoosingTests
{
    private const string Page = "docs/guide/choosing.md";
    private const string Smallest = "8 B";
    private const string Small = "64 B";
    private const string Large = "4 KiB";

    [Fact]
    public void The_table_of_claims_says_what_the_tests_show() => CheckTable("claims", Claims());

    [Fact]
    public void The_table_of_costs_says_what_was_measured() => CheckTable("costs", Costs());

    [Fact]
    public void The_table_of_locks_says_what_was_measured() => CheckTable("locks", Locks());

    [Fact]
    public void A_claim_stands_on_a_test() => Assert.All(AllClaims(), claim =>
        Assert.True(claim.Test.IsDefined(typeof(FactAttribute)), $"{claim.Test.Name} is no test."));

    // The table stands between two comments; with UPDATE_SNAPSHOTS=1 it is written there.
    private static void CheckTable(string name, string table)
    {
        string begin = $"<!-- {name}: made by ChoosingTests -->\n";
        string page = Source.Read(Page);
        int start = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int end = page.IndexOf($"<!-- end of {name} -->", StringComparison.Ordinal);
        Assert.True(start >= begin.Length && end >= start, $"{Page} has no place for the table of {name}.");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(Path.Combine(Source.Root, Page), page[..start] + table + page[end..]);
            return;
        }
        Assert.Equal(table, page[start..end]);
    }

    private static string Claims()
    {
        StringBuilder table = new("| the books say | here | because | shown by |\n| --- | --- | --- | --- |\n");
        foreach ((ClaimAttribute claim, MethodInfo test) in AllClaims().OrderBy(claim => claim.Claim.Order))
        {
            string verdict = claim.Verdict switch { Verdict.True => "true", Verdict.HalfTrue => "half true", _ => "false" };
            table.Append($"| {claim.Sentence} | **{verdict}** | {claim.Because} | `{test.DeclaringType!.Name}.{test.Name}` |\n");
        }
        return table.ToString();
    }

    private static string Costs()
    {
        StringBuilder table = new(
            "| mechanism | 64 B there and back, two CPUs | on one CPU | throughput in messages of 4 KiB |\n| --- | ---: | ---: | ---: |\n");
        string[] names = [.. Figures.Names(Figures.Latency)];
        foreach (string name in names.Where(name => names.Contains(name + "-1cpu")))
        {
            // Some carry eight bytes and nothing else.
            string size = Figures.Cell(Figures.Latency, name, Small) is null ? Smallest : Small;
            string note = size == Small ? "" : $" ({size})";
            string there = Cell(Figures.Latency, name, size, "µs") + note;
            string onOne = Cell(Figures.Latency, name + "-1cpu", size, "µs") + note;
            string rate = Cell(Figures.Throughput, name, Large, "GB/s");
            table.Append($"| `{name}` | {there} | {onOne} | {rate} |\n");
        }
        return table.ToString();
    }

    private static string Locks()
    {
        StringBuilder table = new("| acquire and release | here |\n| --- | ---: |\n");
        foreach (string name in Figures.Names(Figures.Cost))
        {
            table.Append($"| `{name}` | {Cell(Figures.Cost, name, "µs", "µs")} |\n");
        }
        return table.ToString();
    }

    private static string Cell(string suite, string row, string size, string unit) =>
        Figures.Cell(suite, row, size) is { } value ? $"{value} {unit}" : "";

    private static IEnumerable<(ClaimAttribute Claim, MethodInfo Test)> AllClaims() =>
        from type in typeof(ChoosingTests).Assembly.GetTypes()
        from test in type.GetMethods()
        let claim = test.GetCustomAttribute<ClaimAttribute>()
        where claim is not null
        select (claim, test);
}
