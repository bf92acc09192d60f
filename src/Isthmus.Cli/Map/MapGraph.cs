using Isthmus.Inspection;

namespace Isthmus.Cli.Map;

/// <summary>What is drawn: processes, the objects by which they can reach each other, and the lines between them.</summary>
internal sealed record MapGraph(IReadOnlyList<MapNode> Nodes, IReadOnlyList<MapEdge> Edges)
{
    public IEnumerable<MapNode> Processes => Nodes.Where(node => node.IsProcess);

    public MapNode Node(NodeId id) => Nodes.First(node => node.Id == id);
}
