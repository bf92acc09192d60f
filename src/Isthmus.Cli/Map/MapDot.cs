using System.Globalization;
using System.Text;

namespace Isthmus.Cli.Map;

/// <summary>The map for Graphviz (<c>dot -Tsvg</c>).</summary>
internal static class MapDot
{
    private const string Head = """
        digraph isthmus {
          rankdir=LR;
          node [fontname="sans-serif", fontsize=11];
          edge [fontname="sans-serif", fontsize=9];

        """;

    public static string Format(MapGraph graph)
    {
        StringBuilder text = new(Head);
        foreach (MapNode node in graph.Nodes)
        {
            string load = node.Load.ToString();
            text.Append("  ").Append(Quoted(node.Id.ToString())).Append(" [label=").Append(Quoted(node.Label + (load.Length > 0 ? $", {load}" : "")))
                .Append(node.IsProcess ? ", shape=box, style=rounded" : ", shape=ellipse").Append(node.IsStuck ? ", color=red" : "").Append("];\n");
        }
        Func<MapEdge, double> weights = graph.Weights();
        foreach (MapEdge edge in graph.Edges)
        {
            double weight = weights(edge);
            text.Append("  ").Append(Quoted(edge.From.ToString())).Append(" -> ").Append(Quoted(edge.To.ToString()))
                .Append(" [label=").Append(Quoted(edge.Label)).Append(edge.IsWait ? ", color=red" : "")
                .Append(edge.Label == "connected" ? ", dir=both" : "")
                .Append(weight > 0 ? string.Create(CultureInfo.InvariantCulture, $", penwidth={1 + (5 * weight):F1}") : "").Append("];\n");
        }
        return text.Append("}\n").ToString();
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
