using System.Net.Sockets;

namespace Isthmus;

/// <summary>How <see cref="UnixSocket.Connect"/> connects.</summary>
public sealed record UnixConnectOptions
{
    /// <summary>The type, which must be the listener's: <see cref="SocketType.Stream"/> by default.</summary>
    public SocketType Type { get; init; } = SocketType.Stream;

    /// <summary>
    /// Whom the connection may be with; another is refused with <c>EACCES</c>. For streams and SEQPACKET: a datagram
    /// socket has no credentials of its peer, so only <see cref="PeerPolicy.Anyone"/> and the default are possible
    /// there.
    /// </summary>
    public PeerPolicy Peer { get; init; }

    /// <summary>
    /// Follows a symbolic link as the last part of the path. The default is to refuse it: who made the link chooses the
    /// peer.
    /// </summary>
    public bool FollowSymbolicLink { get; init; }
}
