using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>
/// Finds the edges of a snapshot: what at least two processes have, one row for both ends of a connection; and what somebody waits for in vain.
/// </summary>
internal sealed class EdgeFinder
{
    private readonly Snapshot _snapshot;
    private readonly SnapshotRates _rates;
    private readonly WatchFilter _filter;
    private readonly HashSet<(NodeId Process, NodeId Object)> _inVain;
    private readonly Dictionary<NodeId, NodeId> _peers = [];

    private EdgeFinder(Snapshot snapshot, SnapshotRates rates, WatchFilter filter, IEnumerable<WaitChain> stuck)
    {
        _snapshot = snapshot;
        _rates = rates;
        _filter = filter;
        foreach (Edge edge in snapshot.Edges.Where(edge => edge.Kind == EdgeKind.ConnectedTo))
        {
            _peers[edge.From] = edge.To;
        }
        _inVain =
        [
            .. from chain in stuck
               where chain.Steps[0].Object is not null
               select (chain.Steps[0].Process.Node, ChannelOf(chain.Steps[0].Object!.Id)),
        ];
    }

    public static IEnumerable<WatchEdge> Find(Snapshot snapshot, SnapshotRates rates, WatchFilter filter, IEnumerable<WaitChain> stuck) =>
        new EdgeFinder(snapshot, rates, filter, stuck).Find();

    private IEnumerable<WatchEdge> Find()
    {
        Dictionary<NodeId, List<Edge>> uses = [];
        foreach (Edge edge in _snapshot.Edges)
        {
            if (IsUse(edge))
            {
                NodeId channel = ChannelOf(edge.To);
                if (!uses.TryGetValue(channel, out List<Edge>? list))
                {
                    uses.Add(channel, list = []);
                }
                list.Add(edge);
            }
        }
        return
            from each in uses
            where _snapshot.FindObject(each.Key) is not null && IsOfInterest(each.Key, each.Value)
            select Of(_snapshot.FindObject(each.Key)!, each.Value);
    }

    // A file counts when it is written through mappings; locks on it are objects of their own.
    private static bool IsUse(Edge edge) =>
        edge.Kind is EdgeKind.HoldsOpen or EdgeKind.ListensOn or EdgeKind.Maps or EdgeKind.TakesPart or EdgeKind.HoldsLock or EdgeKind.WaitsFor
        && (edge.To.Kind.IsIpc() || (edge is { Kind: EdgeKind.Maps, To.Kind: NodeKind.File } && (edge.Access ?? 0).HasFlag(FileAccess.Write)));

    private bool IsOfInterest(NodeId channel, List<Edge> uses)
    {
        if (_filter.All || _filter.Kinds.Contains(channel.Kind))
        {
            return true;
        }
        bool isShared = uses.Exists(edge => edge.From != uses[0].From);
        // A terminal is shared by all who were started in it.
        return (isShared && channel.Kind != NodeKind.PseudoTerminal && _snapshot.FindObject(channel) is not { IsRuntime: true })
            || uses.Exists(edge => _inVain.Contains((edge.From, channel)));
    }

    private WatchEdge Of(ObjectNode node, List<Edge> uses)
    {
        ObjectNode? peer = _peers.TryGetValue(node.Id, out NodeId end) ? _snapshot.FindObject(end) : null;
        return new WatchEdge(
            node,
            peer,
            [
                .. from use in uses.GroupBy(edge => edge.From)
                   let process = _snapshot.FindProcess(use.Key)
                   where process is not null
                   let found = WatchEnd.Of(process, use)
                   orderby found.Order, process.Id
                   select found,
            ],
            _rates.Of(node.Id) ?? (peer is null ? null : _rates.Of(peer.Id)),
            BlockingOf(node, uses));
    }

    // To wait at a lock is to be held up; to wait for data is the usual life.
    private Blocking BlockingOf(ObjectNode node, List<Edge> uses)
    {
        bool isHeld = node.Kind is NodeKind.FileLock or NodeKind.Segment or NodeKind.PosixSemaphore or NodeKind.SystemVSemaphoreSet;
        bool isQueue = node is SegmentNode { Unit: not null };
        Blocking worst = Blocking.None;
        foreach (Edge edge in uses.Where(edge => edge.Kind == EdgeKind.WaitsFor))
        {
            Blocking found = _inVain.Contains((edge.From, node.Id)) ? Blocking.Stuck : isHeld && !isQueue ? Blocking.HeldUp : Blocking.None;
            worst = found > worst ? found : worst;
        }
        return worst;
    }

    // Both ends give the same one; several that are connected to one belong to that one.
    private NodeId ChannelOf(NodeId node)
    {
        if (!_peers.TryGetValue(node, out NodeId peer))
        {
            return node;
        }
        bool isMutual = _peers.TryGetValue(peer, out NodeId back) && back == node;
        return isMutual && IsBefore(node, peer) ? node : peer;
    }

    private static bool IsBefore(NodeId one, NodeId other) =>
        one.Number != other.Number ? one.Number < other.Number : string.CompareOrdinal(one.Detail, other.Detail) < 0;
}
