namespace Isthmus.Inspection;

/// <summary>
/// What the processes of a snapshot talk or exclude each other by, one channel for both ends of a connection: an object is its own channel, two sockets
/// that are connected to each other are one, and so are the two sides of a pseudoterminal.
/// </summary>
/// <remarks>Thread-safe; it looks at the snapshot when it is made, and never changes.</remarks>
public sealed class SnapshotChannels
{
    private readonly Dictionary<NodeId, NodeId> _peers = [];

    /// <summary>Finds the channels of a snapshot.</summary>
    public SnapshotChannels(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        foreach (Edge edge in snapshot.Edges)
        {
            if (edge.Kind == EdgeKind.ConnectedTo)
            {
                _peers[edge.From] = edge.To;
            }
        }
    }

    /// <summary>
    /// By this edge a process uses a channel: it has an object of IPC open or mapped, takes part in it, holds it or waits for it. A file counts when it is
    /// mapped for writing: who only has it open does not talk by it, and locks on it are objects of their own.
    /// </summary>
    public static bool IsUse(in Edge edge) =>
        edge.Kind is EdgeKind.HoldsOpen or EdgeKind.ListensOn or EdgeKind.Maps or EdgeKind.TakesPart or EdgeKind.HoldsLock or EdgeKind.WaitsFor
        && (edge.To.Kind.IsIpc() || (edge is { Kind: EdgeKind.Maps, To.Kind: NodeKind.File } && (edge.Access ?? 0).HasFlag(FileAccess.Write)));

    /// <summary>The other end of a connection; null when a node has none.</summary>
    public NodeId? PeerOf(NodeId node) => _peers.TryGetValue(node, out NodeId peer) ? peer : null;

    /// <summary>
    /// The node that stands for the channel which a node belongs to. Both ends of a connection give the same one; several sockets that are connected to
    /// one that is not connected back belong to that one.
    /// </summary>
    public NodeId ChannelOf(NodeId node)
    {
        if (!_peers.TryGetValue(node, out NodeId peer))
        {
            return node;
        }
        bool isMutual = _peers.TryGetValue(peer, out NodeId back) && back == node;
        return isMutual && IsBefore(node, peer) ? node : peer;
    }

    private static bool IsBefore(in NodeId one, in NodeId other) =>
        one.Number != other.Number ? one.Number < other.Number : string.CompareOrdinal(one.Detail, other.Detail) < 0;
}
