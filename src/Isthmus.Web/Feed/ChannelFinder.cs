using Isthmus.Inspection;

namespace Isthmus.Web.Feed;

/// <summary>
/// Finds what processes share: objects that at least two of them have, and connections whose two ends they have; and what somebody waits for
/// in vain. A connection is one channel, not two.
/// </summary>
internal sealed class ChannelFinder
{
    private readonly Snapshot _snapshot;
    private readonly SnapshotRates _rates;
    private readonly Dictionary<NodeId, string> _shown;
    private readonly Dictionary<NodeId, string> _stuck;
    private readonly SnapshotChannels _channels;
    private (NodeId Process, bool IsShown) _last;

    private ChannelFinder(
        Snapshot snapshot, SnapshotRates rates, Dictionary<NodeId, string> shown, Dictionary<NodeId, string> stuck)
    {
        _snapshot = snapshot;
        _rates = rates;
        _shown = shown;
        _stuck = stuck;
        _channels = new SnapshotChannels(snapshot);
    }

    /// <param name="snapshot">A snapshot.</param>
    /// <param name="rates">What passed through its objects since the one before.</param>
    /// <param name="shown">The keys of the processes that count.</param>
    /// <param name="stuck">Those of them that are stuck.</param>
    public static IReadOnlyList<JsonChannel> Find(
        Snapshot snapshot, SnapshotRates rates, Dictionary<NodeId, string> shown, Dictionary<NodeId, string> stuck) =>
        new ChannelFinder(snapshot, rates, shown, stuck).Run();

    private List<JsonChannel> Run()
    {
        Dictionary<NodeId, NodeId> firstUsers = [];
        HashSet<NodeId> shared = [];
        foreach (Edge edge in _snapshot.Edges.Where(IsUse))
        {
            NodeId channel = _channels.ChannelOf(edge.To);
            if (firstUsers.TryAdd(channel, edge.From) ? IsInVain(edge) : firstUsers[channel] != edge.From)
            {
                shared.Add(channel);
            }
        }
        Dictionary<NodeId, Dictionary<NodeId, EndRole>> ends = shared.ToDictionary(each => each, _ => new Dictionary<NodeId, EndRole>());
        foreach (Edge edge in _snapshot.Edges.Where(IsUse))
        {
            if (ends.TryGetValue(_channels.ChannelOf(edge.To), out Dictionary<NodeId, EndRole>? roles))
            {
                roles[edge.From] = roles.GetValueOrDefault(edge.From) | RoleOf(edge);
            }
        }
        return [.. ends.Select(each => Of(each.Key, each.Value))];
    }

    private bool IsUse(Edge edge) => SnapshotChannels.IsUse(edge) && IsShown(edge.From);

    // Most edges of a process stand one after the other.
    private bool IsShown(NodeId process)
    {
        if (_last.Process != process)
        {
            _last = (process, _shown.ContainsKey(process));
        }
        return _last.IsShown;
    }

    private bool IsInVain(Edge edge) => edge.Kind == EdgeKind.WaitsFor && _stuck.ContainsKey(edge.From);

    private EndRole RoleOf(Edge edge) => edge.Kind switch
    {
        EdgeKind.ListensOn => EndRole.Listens,
        EdgeKind.Maps => EndRole.Maps,
        EdgeKind.TakesPart => EndRole.TakesPart,
        EdgeKind.HoldsLock => EndRole.Holds,
        EdgeKind.WaitsFor => _stuck.ContainsKey(edge.From) ? EndRole.Stuck : EndRole.Waits,
        _ => edge.Access switch
        {
            FileAccess.Read => EndRole.Reads,
            FileAccess.Write => EndRole.Writes,
            FileAccess.ReadWrite => EndRole.Reads | EndRole.Writes,
            _ => EndRole.Open,
        },
    };

    private JsonChannel Of(NodeId channel, Dictionary<NodeId, EndRole> ends)
    {
        ObjectNode? node = _snapshot.FindObject(channel);
        ObjectNode? peer = _channels.PeerOf(channel) is { } end ? _snapshot.FindObject(end) : null;
        TransferRate? rate = _rates.Of(channel) ?? (peer is null ? null : _rates.Of(peer.Id));
        return new JsonChannel(
            channel.ToString(),
            channel.Kind.ToWord(),
            node?.Name ?? (node as SocketNode)?.PeerName ?? peer?.Name,
            TypeOf(node),
            FillOf(node) is { } fill ? fill + (FillOf(peer) ?? 0) : FillOf(peer),
            node?.Capacity,
            Rounded(rate?.Total),
            rate is { } counted ? PageModel.Word(counted.Unit) : null,
            node is { IsRuntime: true } || peer is { IsRuntime: true },
            [.. ends.OrderBy(each => each.Key.Number).Select(each => new JsonEnd(_shown[each.Key], each.Value.ToLetters()))]);
    }

    // What hardly changes is not told again each second.
    private static double? Rounded(double? rate)
    {
        double step = rate > 0 ? Math.Pow(10, Math.Floor(Math.Log10(rate.Value)) - 1) : 1;
        return rate is { } exact ? Math.Round(Math.Round(exact / step) * step, 3) : null;
    }

    private static long? FillOf(ObjectNode? node) =>
        node is SocketNode { BytesToSend: { } waiting } ? (node.Fill ?? 0) + waiting : node?.Fill;

    private static string? TypeOf(ObjectNode? node) => node switch
    {
        SegmentNode segment => segment.SegmentKind,
        SocketNode { IsKnown: true } socket => PageModel.Word(socket.Form),
        FileLockNode held => $"{PageModel.Word(held.Flavour)} {PageModel.Word(held.LockMode)}",
        _ => null,
    };
}
