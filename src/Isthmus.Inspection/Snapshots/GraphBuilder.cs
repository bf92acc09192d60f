namespace Isthmus.Inspection;

/// <summary>Collects nodes and edges while a sweep goes on.</summary>
internal sealed class GraphBuilder
{
    private readonly Dictionary<NodeId, ObjectNode> _objects = [];
    private readonly List<Edge> _edges = [];
    private ILookup<NodeId, Edge>? _to;

    public Dictionary<int, ProcessFindings> Processes { get; } = [];

    public IEnumerable<ObjectNode> Objects => _objects.Values;

    public IReadOnlyList<Edge> Edges => _edges;

    /// <summary>The first one to describe an object is believed.</summary>
    public void Add(ObjectNode node) => _objects.TryAdd(node.Id, node);

    public void Replace(ObjectNode node) => _objects[node.Id] = node;

    public void Remove(NodeId id) => _objects.Remove(id);

    public ObjectNode? Find(NodeId id) => _objects.GetValueOrDefault(id);

    public void Add(Edge edge)
    {
        _edges.Add(edge);
        _to = null;
    }

    /// <summary>Edges that end at a node. The index is made again after each change, so: first add, then look.</summary>
    public IEnumerable<Edge> EdgesTo(NodeId node) => (_to ??= _edges.ToLookup(edge => edge.To))[node];

    /// <summary>The node of a process by its number; null when it was not seen.</summary>
    public NodeId? ProcessNode(int id) => Processes.GetValueOrDefault(id)?.Process.Node;
}
