using Isthmus.Inspection;

namespace Isthmus.Cli.Map;

/// <summary>What is drawn: processes, the objects by which they can reach each other, and the lines between them.</summary>
internal sealed record MapGraph(IReadOnlyList<MapNode> Nodes, IReadOnlyList<MapEdge> Edges)
{
    public IEnumerable<MapNode> Processes => Nodes.Where(node => node.IsProcess);

    /// <summary>How thick each line is, from 0 to 1: as full, or as busy, as the object at its end.</summary>
    public Func<MapEdge, double> Weights()
    {
        Dictionary<NodeId, double> weights = Nodes.ToDictionary(node => node.Id, node => node.Load.Weight);
        return edge => Math.Max(weights[edge.From], weights[edge.To]);
    }
}
