using System.Text;

namespace Isthmus.Cli.Map;

/// <summary>The map as lines: below each process its ways to others.</summary>
internal static class MapText
{
    public static string Format(MapGraph graph)
    {
        StringBuilder text = new();
        foreach (MapNode process in graph.Processes.OrderBy(node => node.Id.Number))
        {
            text.Append(process.Label).Append('\n');
            foreach (MapEdge edge in graph.Edges.Where(edge => edge.From == process.Id || edge.To == process.Id))
            {
                bool isOut = edge.From == process.Id;
                MapNode other = graph.Node(isOut ? edge.To : edge.From);
                text.Append("  ").Append(edge.Label).Append(' ').Append(other.Label).Append(LoadOf(other)).Append(Behind(graph, process, other)).Append('\n');
            }
        }
        return text.ToString();
    }

    private static string LoadOf(MapNode node) => node.Load.ToString() is { Length: > 0 } load ? $" ({load})" : "";

    // Who else has it, or has its other end.
    private static string Behind(MapGraph graph, MapNode process, MapNode through)
    {
        if (through.IsProcess)
        {
            return "";
        }
        IEnumerable<(MapNode Other, string How)> uses =
            from end in graph.Edges.Where(edge => edge.Label == "connected" && (edge.From == through.Id || edge.To == through.Id))
                .Select(edge => edge.From == through.Id ? edge.To : edge.From).Prepend(through.Id)
            from edge in graph.Edges.Where(edge => edge.From == end || edge.To == end)
            let other = graph.Node(edge.From == end ? edge.To : edge.From)
            where other.IsProcess && other.Id != process.Id
            select (other, edge.Label);
        string[] others =
        [
            .. uses.GroupBy(use => use.Other.Label, use => use.How)
                .Select(user => $"{user.Key} {string.Join(" and ", user.Distinct())}"),
        ];
        return others.Length == 0 ? "" : $" -- {string.Join(", ", others)}";
    }
}
