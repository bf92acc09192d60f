using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Isthmus.Cli.Bench;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Bench;

/// <summary>One very short run of everything, and what must hold of its report.</summary>
[Collection("bench")]
public sealed class BenchRunTests(BenchRunTests.EverythingOnce run) : IClassFixture<BenchRunTests.EverythingOnce>
{
    [Fact]
    public void Every_row_of_the_catalogue_is_measured_or_named_as_missing()
    {
        HashSet<string> named = [.. run.Results.Concat(run.Missing).Select(entry => Text(entry, "suite") + "/" + Text(entry, "mechanism"))];
        Assert.Subset(named, BenchCatalog.Suites.SelectMany(suite => suite.Rows.Select(row => suite.Name + "/" + row.Name)).ToHashSet());
    }

    [Fact]
    public void No_figure_is_there_twice()
    {
        string[] keys = [.. run.Results.Select(r => string.Join('/', Text(r, "suite"), Text(r, "mechanism"), r.GetProperty("size"), Text(r, "metric")))];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void Units_belong_to_metrics_and_figures_are_more_than_nothing() => Assert.All(run.Results, result =>
    {
        string unit = Text(result, "metric") switch
        {
            "throughput" => "bytes/s",
            "rate" => "messages/s",
            "operations" => "/s",
            "fairness" => "ratio",
            _ => "ns",
        };
        Assert.Equal(unit, Text(result, "unit"));
        // In a short run one process may do next to nothing of what another does.
        Assert.True(result.GetProperty("value").GetDouble() > (unit == "ratio" ? -1 : 0), result.ToString());
    });

    [Fact]
    public void Ratios_are_figures_against_the_limits_of_the_same_run()
    {
        double line = Value("limits", "cache-line", "cost");
        double copy = Value("limits", "memcpy-cache", "throughput");
        foreach (JsonElement result in run.Results.Where(result => Text(result, "suite") is "latency" or "throughput"))
        {
            double value = result.GetProperty("value").GetDouble();
            double expected = Text(result, "unit") switch
            {
                "ns" => value / line,
                "bytes/s" => copy / value,
                _ => copy / result.GetProperty("size").GetInt32() / value,
            };
            Assert.Equal(expected, result.GetProperty("limit_ratio").GetDouble(), 0.001 + (expected * 0.001));
        }
    }

    [Fact]
    public void Only_udp_can_lose_messages_and_says_how_many() => Assert.All(
        run.Results.Where(result => Text(result, "suite") == "throughput"),
        result => Assert.Equal(Text(result, "mechanism").StartsWith("udp", StringComparison.Ordinal), result.TryGetProperty("loss", out _)));

    [Fact]
    public void A_mechanism_with_one_size_has_rows_of_no_other() => Assert.All(
        run.Results.Where(result => Text(result, "mechanism").Contains("eventfd", StringComparison.Ordinal)),
        result => Assert.Equal(8, result.GetProperty("size").GetInt32()));

    [Fact]
    public void The_machine_is_described()
    {
        JsonElement machine = run.Report.GetProperty("machine");
        Assert.Equal(Environment.Version.ToString(), Text(machine, "dotnet"));
        Assert.True(machine.GetProperty("memory").GetInt64() > 1 << 20);
        Assert.InRange(machine.GetProperty("cpus_allowed").GetInt32(), 1, machine.GetProperty("cpu_count").GetInt32());
    }

    [Fact]
    public void The_page_is_well_formed_and_needs_nothing_else()
    {
        XDocument page = run.Page;
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "href");
        Assert.DoesNotContain("url(", page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_charts_of_latency_and_throughput_against_the_limit_each_with_a_title_and_a_description()
    {
        XElement[] charts = [.. run.Page.Descendants(SvgChart.Svg + "svg")];
        Assert.Contains(charts, chart => Title(chart).StartsWith("Round-trip time", StringComparison.Ordinal));
        Assert.Contains(charts, chart => Title(chart).StartsWith("Throughput", StringComparison.Ordinal));
        Assert.All(charts, chart =>
        {
            Assert.NotEmpty(chart.Element(SvgChart.Svg + "desc")!.Value);
            Assert.Contains(chart.Descendants(SvgChart.Svg + "text"), text => text.Value.StartsWith("limit: ", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void The_page_has_a_table_for_each_suite()
    {
        string[] captions = [.. run.Page.Descendants().Where(element => element.Name.LocalName == "caption").Select(element => element.Value)];
        Assert.Subset(captions.ToHashSet(), BenchCatalog.Suites.Select(suite => suite.Title).ToHashSet());
    }

    private static string Title(XElement chart) => chart.Element(SvgChart.Svg + "title")!.Value;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private double Value(string suite, string mechanism, string metric) => run.Results
        .Single(r => Text(r, "suite") == suite && Text(r, "mechanism") == mechanism && Text(r, "metric") == metric).GetProperty("value").GetDouble();

    public sealed class EverythingOnce
    {
        public EverythingOnce()
        {
            using TemporaryDirectory directory = new();
            string html = directory["bench.html"];
            (string output, int exitCode) = Peer.RunLong(
                Tool.Path, ["bench", "--quick", "--duration", "1ms", "--size", "8", "--size", "64", "--json", "--html", html], times: 4);
            Assert.True(exitCode == 0, output);
            using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(output);
            Report = document.RootElement.Clone();
            using XmlReader reader = XmlReader.Create(html, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
            Page = XDocument.Load(reader);
        }

        public JsonElement Report { get; }

        public XDocument Page { get; }

        public IEnumerable<JsonElement> Results => Report.GetProperty("results").EnumerateArray();

        public IEnumerable<JsonElement> Missing => Report.GetProperty("missing").EnumerateArray();
    }
}
