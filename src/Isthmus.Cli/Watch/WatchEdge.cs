using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>What processes talk or exclude each other by: an object, or a connection with its two ends.</summary>
/// <param name="Node">The object; of a connection one of its ends.</param>
/// <param name="Peer">The other end of a connection that both ends are seen of.</param>
/// <param name="Ends">Who has it, each process once.</param>
/// <param name="Rate">What passes through it; null where nobody counts that.</param>
/// <param name="Blocking">Whether somebody is kept from going on.</param>
internal sealed record WatchEdge(ObjectNode Node, ObjectNode? Peer, IReadOnlyList<WatchEnd> Ends, TransferRate? Rate, Blocking Blocking)
{
    /// <summary>A path, a name, an address; of a connection that of the end that has one.</summary>
    public string? Name => Node.Name ?? (Node as SocketNode)?.PeerName ?? Peer?.Name;

    /// <summary>Both directions of a connection together.</summary>
    public long? Fill => FillOf(Node) is { } fill ? fill + (FillOf(Peer) ?? 0) : FillOf(Peer);

    public long? Capacity => Peer is null ? Node.Capacity : null;

    /// <summary>What it is called in a table: of a segment what its maker called it.</summary>
    public string Kind => Node is SegmentNode segment ? segment.SegmentKind : Node.Kind.ToWord();

    // What was received and not read, and of TCP what has not arrived; of Unix sockets that is what the other end has not read.
    private static long? FillOf(ObjectNode? node) =>
        node is SocketNode { Kind: NodeKind.TcpSocket, BytesToSend: { } waiting } ? (node.Fill ?? 0) + waiting : node?.Fill;
}
