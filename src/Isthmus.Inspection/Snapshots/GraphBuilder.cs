namespace Isthmus.Inspection;

/// <summary>Collects nodes and edges while a sweep goes on.</summary>
/// <param name="objects">How many there will be, more or less.</param>
internal sealed class GraphBuilder(int objects)
{
    private readonly Dictionary<NodeId, ObjectNode> _objects = new(objects);

    // Mostly of sockets, of which two in three objects are at most.
    private readonly Dictionary<NodeId, NodeId> _identities = new(objects / 2);
    private readonly ChunkedList<Edge> _edges = new();
    private readonly EdgeIndex _to = new(objects);

    /// <summary>In the order in which they are to be believed: the freshest first.</summary>
    public Dictionary<int, ProcessFindings> Processes { get; } = [];

    /// <summary>The threads of each process, when it is known what they wait for.</summary>
    public Dictionary<int, IReadOnlyList<ThreadNode>> Threads { get; } = [];

    public Dictionary<NodeId, ObjectNode> Nodes => _objects;

    public IEnumerable<ObjectNode> Objects => _objects.Values;

    public ChunkedList<Edge> Edges => _edges;

    /// <summary>The edges by where they end.</summary>
    public EdgeIndex EdgesByEnd => _to;

    /// <summary>The first one to describe an object is believed.</summary>
    public void Add(ObjectNode node) => _objects.TryAdd(node.Id, node);

    public void Replace(ObjectNode node) => _objects[node.Id] = node;

    public void Remove(NodeId id) => _objects.Remove(id);

    public ObjectNode? Find(NodeId id) => _objects.GetValueOrDefault(id);

    /// <summary>What a process's directory calls by one name is known to be another node.</summary>
    public void Identify(NodeId found, NodeId node) => _identities[found] = node;

    /// <summary>The node that something found in a process's directory is. To be asked when all are identified.</summary>
    public NodeId NodeOf(NodeId found) => found.Kind != NodeKind.Pipe && _identities.TryGetValue(found, out NodeId node) ? node : found;

    /// <summary>The node behind a process's descriptor.</summary>
    public NodeId? TargetOf(ProcessFindings process, int descriptor) => process.TargetOf(descriptor) is { } found ? NodeOf(found) : null;

    public void Add(in Edge edge)
    {
        _edges.Add(edge);
        _to.Add(edge.To);
    }

    /// <summary>Edges that end at a node. Not to be added to while it is enumerated.</summary>
    public IEnumerable<Edge> EdgesTo(NodeId node) => _to.Find(node, _edges);

    /// <summary>A process with its threads.</summary>
    public ProcessNode Complete(ProcessNode process) =>
        Threads.TryGetValue(process.Id, out IReadOnlyList<ThreadNode>? threads) ? process with { Threads = threads } : process;

    /// <summary>The node of a process by its number; null when it was not seen.</summary>
    public NodeId? ProcessNode(int id) => Processes.GetValueOrDefault(id)?.Process.Node;
}
