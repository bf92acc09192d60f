using System.Globalization;
using System.Net;
using System.Text;
using Isthmus.Inspection;

namespace Isthmus.Cli.Map;

/// <summary>The map as a drawing that stands for itself: no script, light and dark as the viewer likes it.</summary>
internal sealed class MapSvg
{
    private const int Box = 24, RowHeight = 40, Margin = 20, Gap = 120, LetterWidth = 7, LabelMax = 44;

    private const string Style = """
        svg{background:#fff;font:12px sans-serif}rect{fill:#eef3fb;stroke:#4a6fa5}.object rect{fill:#f6f6f0;stroke:#8a8a70;rx:12}
        text{fill:#111}path{fill:none;stroke:#888}.edge text{fill:#666;font-size:10px}.stuck rect,path.wait{stroke:#c22;stroke-width:2}
        @media(prefers-color-scheme:dark){svg{background:#14161a}rect{fill:#1d2a40}.object rect{fill:#2a2a22}text{fill:#eee}.edge text{fill:#aaa}}
        """;

    private readonly MapGraph _graph;
    private readonly MapLayout _layout;
    private readonly Func<MapEdge, double> _weights;
    private readonly Dictionary<NodeId, string> _labels;
    private readonly int[] _lefts;
    private readonly int[] _widths;
    private readonly StringBuilder _text = new();

    private MapSvg(MapGraph graph)
    {
        _graph = graph;
        _layout = new MapLayout(graph);
        _weights = graph.Weights();
        _labels = graph.Nodes.ToDictionary(node => node.Id, node => LabelOf(node));
        _widths = [.. Enumerable.Range(0, _layout.Columns).Select(column => _layout.NodesOf(column).Max(WidthOf))];
        _lefts = [.. Enumerable.Range(0, _layout.Columns).Select(column => Margin + _widths.Take(column).Sum(width => width + Gap))];
    }

    private int Height => (_layout.Rows * RowHeight) + (2 * Margin);

    public static string Format(MapGraph graph) => graph.Nodes.Count == 0 ? "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n" : new MapSvg(graph).Format();

    private string Format()
    {
        int width = _lefts[^1] + _widths[^1] + Margin;
        Write($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{Height}\" viewBox=\"0 0 {width} {Height}\" role=\"img\">");
        Write($"<title>{_graph.Processes.Count()} processes and how they are connected</title><style>{Style}</style>");
        foreach (MapEdge edge in _graph.Edges)
        {
            Draw(edge);
        }
        foreach (MapNode node in _graph.Nodes)
        {
            Draw(node);
        }
        _text.Append("</svg>\n");
        return _text.ToString();
    }

    private void Draw(MapNode node)
    {
        (int left, int middle) = At(node.Id);
        string kind = (node.IsProcess ? "process" : "object") + (node.IsStuck ? " stuck" : "");
        Write($"<g class=\"{kind}\"><title>{WebUtility.HtmlEncode(node.Label)}</title>");
        Write($"<rect x=\"{left}\" y=\"{middle - (Box / 2)}\" width=\"{WidthOf(node.Id)}\" height=\"{Box}\" rx=\"3\"/>");
        Write($"<text x=\"{left + 8}\" y=\"{middle + 4}\">{WebUtility.HtmlEncode(_labels[node.Id])}</text></g>");
    }

    private void Draw(MapEdge edge)
    {
        ((int fromLeft, int fromMiddle), (int toLeft, int toMiddle)) = (At(edge.From), At(edge.To));
        bool isForward = fromLeft <= toLeft;
        int x1 = isForward ? fromLeft + WidthOf(edge.From) : fromLeft;
        int x2 = isForward == (fromLeft != toLeft) ? toLeft : toLeft + WidthOf(edge.To);
        int bend = fromLeft == toLeft ? Gap / 2 : (x2 - x1) / 2;
        int control = fromLeft == toLeft ? x2 + bend : x2 - bend;
        string kind = edge.IsWait ? " class=\"wait\"" : "";
        double weight = _weights(edge);
        // The style's width is for those that say none.
        string width = weight > 0 ? string.Create(CultureInfo.InvariantCulture, $" style=\"stroke-width:{1 + (5 * weight):F1}\"") : "";
        Write($"<g class=\"edge\"><path{kind}{width} d=\"M{x1} {fromMiddle}C{x1 + bend} {fromMiddle} {control} {toMiddle} {x2} {toMiddle}\"/>");
        Write($"<text x=\"{(x1 + x2) / 2}\" y=\"{((fromMiddle + toMiddle) / 2) - 3}\" text-anchor=\"middle\">{edge.Label}</text></g>");
    }

    // Each column is centred.
    private (int Left, int Middle) At(NodeId node)
    {
        (int column, int row) = _layout[node];
        int top = (Height - (_layout.RowsOf(column) * RowHeight)) / 2;
        return (_lefts[column], top + (row * RowHeight) + (RowHeight / 2));
    }

    private int WidthOf(NodeId node) => (_labels[node].Length * LetterWidth) + 16;

    private static string LabelOf(MapNode node) => node.Load.ToString() is { Length: > 0 } load ? $"{Shortened(node.Label)}, {load}" : Shortened(node.Label);

    private static string Shortened(string label) => label.Length <= LabelMax ? label : string.Concat(label.AsSpan(0, LabelMax - 1), "…");

    private void Write(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
