using System.Net.Sockets;

namespace Isthmus;

/// <summary>How <see cref="UnixListener"/> listens.</summary>
public sealed record UnixListenerOptions : UnixBindOptions
{
    /// <summary><see cref="SocketType.Stream"/> (the default) or <see cref="SocketType.Seqpacket"/>.</summary>
    public SocketType Type
    {
        get;
        init => field = value is SocketType.Stream or SocketType.Seqpacket
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Only Stream and Seqpacket sockets listen.");
    }
    = SocketType.Stream;

    /// <summary>
    /// How many connections may wait to be accepted, 1 or more; the kernel cuts it to <c>net.core.somaxconn</c>. When
    /// that many wait (and one more), a connecting process waits too.
    /// </summary>
    public int Backlog
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    }
    = 128;

    /// <summary>Whose connections <c>Accept</c> gives out; others it closes.</summary>
    public PeerPolicy Peers { get; init; }
}
