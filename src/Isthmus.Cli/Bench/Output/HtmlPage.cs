using System.Xml;
using System.Xml.Linq;

namespace Isthmus.Cli.Bench;

/// <summary>
/// The report as one page that needs nothing else: charts as SVG, tables beneath, light and dark, no script. It is well-formed
/// XML, so that other programs can read it, too.
/// </summary>
internal static class HtmlPage
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --faint: #6a737d; --rule: #d9dee3; --paper: #ffffff;
          --c0: #0b5cad; --c1: #c2410c; --c2: #15803d; --c3: #9d174d; --c4: #6d28d9;
          --c5: #a16207; --c6: #0e7490; --c7: #be123c; --c8: #4d7c0f; --c9: #475569; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --faint: #9aa4ae; --rule: #343b43; --paper: #14171a;
          --c0: #6db3f8; --c1: #fb9a5b; --c2: #5ad68a; --c3: #f58fbc; --c4: #b79bfa;
          --c5: #e9c04c; --c6: #5cd0e6; --c7: #fb8aa0; --c8: #a9d65c; --c9: #a9b6c6; } }
        body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.7rem; } h2 { font-size: 1.3rem; margin-top: 3rem; } h3 { font-size: 1.05rem; margin-top: 2rem; }
        .machine, caption, footer { color: var(--faint); }
        .verdict li { margin: .3rem 0; }
        figure { margin: 1rem 0; overflow-x: auto; } svg { width: 100%; min-width: 44rem; height: auto; }
        svg text { font-size: 12px; fill: var(--ink); }
        .grid { stroke: var(--rule); } .line { fill: none; stroke-width: 1.8; }
        .limit .line { stroke: var(--faint); stroke-dasharray: 2 4; stroke-width: 2; }
        .scroll { overflow-x: auto; } table { margin: 1rem 0; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; } caption { text-align: left; padding-bottom: .3rem; }
        """;

    private static readonly XNamespace s_html = "http://www.w3.org/1999/xhtml";
    private static readonly string[] s_dashes = ["none", "7 3", "2 2", "8 3 2 3"];

    public static void Write(BenchReport report, string path)
    {
        XmlWriterSettings settings = new() { OmitXmlDeclaration = true, Indent = false };
        using XmlWriter writer = XmlWriter.Create(path, settings);
        new XDocument(new XDocumentType("html", null, null, null), Page(report)).Save(writer);
    }

    private static XElement Page(BenchReport report) => Element(
        "html",
        new XAttribute("lang", "en"),
        Element(
            "head",
            Element("meta", new XAttribute("charset", "utf-8")),
            Element("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
            Element("title", "isthmus bench"),
            Element("style", Style + LineStyles())),
        Element(
            "body",
            Element("h1", "Which mechanism on this machine?"),
            Element("p", new XAttribute("class", "machine"), report.Machine.ToString()),
            Element("ul", new XAttribute("class", "verdict"), Verdict.Of(report).Select(sentence => Element("li", sentence))),
            ReportTables.Of(report).GroupBy(table => table.Suite).Select(tables => Section(report, [.. tables])),
            report.Missing.Count == 0 ? null : Element("h2", "Not measured"),
            report.Missing.Count == 0 ? null : Element("ul", MissingLines.Of(report).Select(line => Element("li", line))),
            Element("footer", Element("p", "Made by isthmus bench. Figures are medians of short rounds that took turns; every byte was compared."))));

    private static IEnumerable<XElement> Section(BenchReport report, TextTable[] tables)
    {
        yield return Element("h2", tables[0].Title);
        foreach (ChartGroup group in ChartGroup.Of(report, tables[0].Suite))
        {
            yield return Element("h3", group.Title);
            yield return Element("figure", group.Draw());
        }
        foreach (TextTable table in tables)
        {
            yield return Element("div", new XAttribute("class", "scroll"), Table(table));
        }
    }

    private static XElement Table(TextTable table) => Element(
        "table",
        Element("caption", table.Title),
        Element("thead", Element("tr", table.Columns.Select(column => Element("th", new XAttribute("scope", "col"), column)))),
        Element("tbody", table.Rows.Select(row => Element("tr", row.Index().Select(cell =>
            cell.Index == 0 ? Element("th", new XAttribute("scope", "row"), cell.Item) : Element("td", cell.Item))))));

    private static string LineStyles() => string.Concat(Enumerable.Range(0, 10).Select(i =>
        $"\n.s{i} .line {{ stroke: var(--c{i}); stroke-dasharray: {s_dashes[i % s_dashes.Length]}; }} .s{i} .mark {{ fill: var(--c{i}); }}"));

    private static XElement Element(string name, params object?[] content) => new(s_html + name, content);
}
