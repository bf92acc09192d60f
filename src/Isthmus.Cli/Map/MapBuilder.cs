using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Cli.Map;

/// <summary>Chooses what of a snapshot stands on the map.</summary>
internal sealed class MapBuilder
{
    private readonly Snapshot _snapshot;
    private readonly SnapshotRates _rates;
    private readonly MapOptions _options;
    private readonly HashSet<int> _deadlocked;

    // How many processes away.
    private readonly Dictionary<NodeId, int> _distances = [];

    private MapBuilder(Snapshot snapshot, SnapshotRates rates, MapOptions options)
    {
        _snapshot = snapshot;
        _rates = rates;
        _options = options;
        _deadlocked = [.. Reason.FindDeadlocks(snapshot).SelectMany(chain => chain.Cycle).Select(step => step.Process.Id)];
    }

    /// <exception cref="CliException">There is no such process.</exception>
    public static MapGraph Build(Snapshot snapshot, SnapshotRates rates, MapOptions options) => new MapBuilder(snapshot, rates, options).Build();

    private MapGraph Build()
    {
        Queue<NodeId> next = new(Begin());
        HashSet<NodeId> asked = _options.ProcessIds.Count > 0 ? [.. next] : [];
        while (next.TryDequeue(out NodeId node))
        {
            foreach (NodeId neighbour in Neighbours(node))
            {
                int distance = _distances[node] + (neighbour.Kind == NodeKind.Process ? 1 : 0);
                if (distance <= _options.Depth && _distances.TryAdd(neighbour, distance))
                {
                    next.Enqueue(neighbour);
                }
            }
        }
        if (!_options.All)
        {
            Prune(asked);
        }
        return new MapGraph([.. _distances.Select(pair => NodeOf(pair.Key, pair.Value))], [.. EdgesOf()]);
    }

    private IEnumerable<NodeId> Begin()
    {
        IEnumerable<ProcessNode> first = _options.ProcessIds.Count == 0
            ? _snapshot.Processes.Where(process => !process.IsKernelThread)
            : _options.ProcessIds.Select(id => _snapshot.FindProcess(id)
                ?? throw new CliException(string.Create(CultureInfo.InvariantCulture, $"There is no process {id}."), ExitCode.No));
        foreach (ProcessNode process in first)
        {
            _distances[process.Node] = 0;
        }
        return [.. _distances.Keys];
    }

    private IEnumerable<NodeId> Neighbours(NodeId node) =>
        _snapshot.EdgesFrom(node).Where(IsDrawn).Select(edge => edge.To)
            .Concat(_snapshot.EdgesTo(node).Where(IsDrawn).Select(edge => edge.From))
            .Where(other => other.Kind == NodeKind.Process || IsOfInterest(other));

    // The tree of parents and the sets of epoll say little of who talks to whom.
    private static bool IsDrawn(Edge edge) => edge.Kind is not (EdgeKind.ParentOf or EdgeKind.Watches or EdgeKind.LocksFile)
        || (edge.Kind == EdgeKind.Watches && edge.From.Kind == NodeKind.PidFd);

    private bool IsOfInterest(NodeId id) =>
        _snapshot.FindObject(id) is { } node && id.Kind.IsIpc() && id.Kind is not NodeKind.PseudoTerminal && (_options.All || !node.IsRuntime);

    // What only one process has leads nowhere; and a process without a way to another stays only when it was asked for.
    private void Prune(HashSet<NodeId> asked)
    {
        while (true)
        {
            NodeId[] dead = [.. _distances.Keys.Where(node => !asked.Contains(node) && LeadsNowhere(node))];
            if (dead.Length == 0)
            {
                return;
            }
            foreach (NodeId node in dead)
            {
                _distances.Remove(node);
            }
        }
    }

    private bool LeadsNowhere(NodeId node)
    {
        int ways = Neighbours(node).Where(_distances.ContainsKey).Distinct().Count();
        return node.Kind == NodeKind.Process ? ways == 0 : ways < 2;
    }

    private MapNode NodeOf(NodeId id, int distance) => id.Kind == NodeKind.Process
        ? MapNode.Of(_snapshot.FindProcess(id)!, _deadlocked.Contains((int)id.Number), distance)
        : MapNode.Of(_snapshot.FindObject(id)!, distance, _rates);

    private IEnumerable<MapEdge> EdgesOf() =>
        (from edge in _snapshot.Edges
         where IsDrawn(edge) && _distances.ContainsKey(edge.From) && _distances.ContainsKey(edge.To)
         // Each end of a connection has such an edge.
         where edge.Kind != EdgeKind.ConnectedTo || string.CompareOrdinal(edge.From.ToString(), edge.To.ToString()) < 0
         select Directed(edge)).Distinct();

    // Bytes flow from who writes to who reads.
    private static MapEdge Directed(Edge edge) => edge.Kind switch
    {
        EdgeKind.HoldsOpen when edge.Access == FileAccess.Read && !edge.To.Kind.IsSocket() => new(edge.To, edge.From, "reads", false),
        EdgeKind.HoldsOpen when edge.Access == FileAccess.Write && !edge.To.Kind.IsSocket() => new(edge.From, edge.To, "writes", false),
        EdgeKind.HoldsOpen => new(edge.From, edge.To, "open", false),
        EdgeKind.ListensOn => new(edge.From, edge.To, "listens", false),
        EdgeKind.Maps => new(edge.From, edge.To, "maps", false),
        EdgeKind.TakesPart => new(edge.From, edge.To, "takes part", false),
        EdgeKind.HoldsLock => new(edge.From, edge.To, "holds", false),
        EdgeKind.WaitsFor => new(edge.From, edge.To, "waits", true),
        EdgeKind.ConnectedTo => new(edge.From, edge.To, "connected", false),
        _ => new(edge.From, edge.To, "watches", false),
    };
}
