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
    private readonly SnapshotChannels _channels;

    private EdgeFinder(Snapshot snapshot, SnapshotRates rates, WatchFilter filter, IEnumerable<WaitChain> stuck)
    {
        _snapshot = snapshot;
        _rates = rates;
        _filter = filter;
        _channels = new SnapshotChannels(snapshot);
        _inVain =
        [
            .. from chain in stuck
               where chain.Steps[0].Object is not null
               select (chain.Steps[0].Process.Node, _channels.ChannelOf(chain.Steps[0].Object!.Id)),
        ];
    }

    public static IEnumerable<WatchEdge> Find(Snapshot snapshot, SnapshotRates rates, WatchFilter filter, IEnumerable<WaitChain> stuck) =>
        new EdgeFinder(snapshot, rates, filter, stuck).Find();

    private IEnumerable<WatchEdge> Find()
    {
        Dictionary<NodeId, List<Edge>> uses = Candidates();
        foreach (Edge edge in _snapshot.Edges)
        {
            if (SnapshotChannels.IsUse(edge) && uses.TryGetValue(_channels.ChannelOf(edge.To), out List<Edge>? list))
            {
                list.Add(edge);
            }
        }
        return
            from each in uses
            where _snapshot.FindObject(each.Key) is not null && IsOfInterest(each.Key, each.Value)
            select Of(_snapshot.FindObject(each.Key)!, each.Value);
    }

    // Most channels have one user, and are not to be shown: of ten thousands, no list is made.
    private Dictionary<NodeId, List<Edge>> Candidates()
    {
        Dictionary<NodeId, NodeId> firstUsers = [];
        Dictionary<NodeId, List<Edge>> found = [];
        foreach (Edge edge in _snapshot.Edges)
        {
            if (SnapshotChannels.IsUse(edge))
            {
                NodeId channel = _channels.ChannelOf(edge.To);
                bool isShared = !firstUsers.TryAdd(channel, edge.From) && firstUsers[channel] != edge.From;
                if ((isShared || MayShowAlone(edge.From, channel)) && !found.ContainsKey(channel))
                {
                    found.Add(channel, []);
                }
            }
        }
        return found;
    }

    private bool MayShowAlone(NodeId process, NodeId channel) =>
        _filter.All || _filter.Kinds.Contains(channel.Kind) || _inVain.Contains((process, channel));

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
        ObjectNode? peer = _channels.PeerOf(node.Id) is { } end ? _snapshot.FindObject(end) : null;
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
}
