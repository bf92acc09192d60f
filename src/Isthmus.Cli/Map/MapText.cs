using System.Globalization;
using System.Text;
using Isthmus.Inspection;

namespace Isthmus.Cli.Map;

/// <summary>The map as lines: below each process its ways to others.</summary>
internal sealed class MapText
{
    // Who shares a pipe with a thousand others would have a line of a thousand names, and so would each of them.
    private const int OthersMax = 8;

    private readonly MapGraph _graph;
    private readonly Dictionary<NodeId, MapNode> _nodes;
    private readonly Dictionary<NodeId, List<MapEdge>> _edges = [];

    private MapText(MapGraph graph)
    {
        _graph = graph;
        _nodes = graph.Nodes.ToDictionary(node => node.Id);
        foreach (MapEdge edge in graph.Edges)
        {
            Add(edge.From, edge);
            if (edge.To != edge.From)
            {
                Add(edge.To, edge);
            }
        }
    }

    public static string Format(MapGraph graph) => new MapText(graph).Format();

    private void Add(NodeId node, MapEdge edge)
    {
        if (!_edges.TryGetValue(node, out List<MapEdge>? edges))
        {
            _edges[node] = edges = [];
        }
        edges.Add(edge);
    }

    private List<MapEdge> EdgesAt(NodeId node) => _edges.GetValueOrDefault(node, []);

    private string Format()
    {
        StringBuilder text = new();
        foreach (MapNode process in _graph.Processes.OrderBy(node => node.Id.Number))
        {
            text.Append(process.Label).Append('\n');
            foreach (MapEdge edge in EdgesAt(process.Id))
            {
                MapNode other = _nodes[edge.From == process.Id ? edge.To : edge.From];
                text.Append("  ").Append(edge.Label).Append(' ').Append(other.Label).Append(LoadOf(other)).Append(Behind(process, other)).Append('\n');
            }
        }
        return text.ToString();
    }

    private static string LoadOf(MapNode node) => node.Load.ToString() is { Length: > 0 } load ? $" ({load})" : "";

    // Who else has it, or has its other end.
    private string Behind(MapNode process, MapNode through)
    {
        if (through.IsProcess)
        {
            return "";
        }
        IEnumerable<(MapNode Other, string How)> uses =
            from end in EdgesAt(through.Id).Where(edge => edge.Label == "connected")
                .Select(edge => edge.From == through.Id ? edge.To : edge.From).Prepend(through.Id)
            from edge in EdgesAt(end)
            let other = _nodes[edge.From == end ? edge.To : edge.From]
            where other.IsProcess && other.Id != process.Id
            select (other, edge.Label);
        IGrouping<string, string>[] others = [.. uses.GroupBy(use => use.Other.Label, use => use.How)];
        string more = others.Length > OthersMax ? string.Create(CultureInfo.InvariantCulture, $" and {others.Length - OthersMax} more") : "";
        return others.Length == 0
            ? ""
            : $" -- {string.Join(", ", others.Take(OthersMax).Select(user => $"{user.Key} {string.Join(" and ", user.Distinct())}"))}{more}";
    }
}
