namespace Isthmus.Inspection;

/// <summary>A socket.</summary>
/// <param name="Id">Names it; the number is the inode in <c>socket:[N]</c>.</param>
/// <param name="Name">The local name: <c>/path</c>, <c>@abstract</c>, <c>127.0.0.1:80</c>; null when it has none or nothing is told.</param>
public sealed record SocketNode(NodeId Id, string? Name) : ObjectNode(Id, Name)
{
    /// <summary>How it carries data.</summary>
    public SocketForm Form { get; init; }

    /// <summary>Where it stands.</summary>
    public SocketState State { get; init; }

    /// <summary>The name of the other side; null when there is none.</summary>
    public string? PeerName { get; init; }

    /// <summary>The socket at the other end, where it is one of this machine and can be told.</summary>
    public NodeId? Peer { get; init; }

    /// <summary>Bytes that were sent and not taken by the other side, where the kernel counts them; null for a listener.</summary>
    public long? BytesToSend { get; init; }

    /// <summary>Bytes that have come in since it was connected; null where the kernel does not count them: it does for TCP.</summary>
    public long? BytesReceived { get; init; }

    /// <summary>Bytes that have gone out since it was connected, and have arrived; null where the kernel does not count them.</summary>
    public long? BytesSent { get; init; }

    /// <summary>The network namespace in which its names count; 0 for that of this process.</summary>
    internal ulong NetworkSpace { get; init; }

    /// <summary>The kernel has told about it. False: it belongs to another network namespace, or to a family that has no table.</summary>
    public bool IsKnown { get; init; }
}
