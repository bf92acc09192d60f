namespace Isthmus.Inspection;

/// <summary>Where a socket stands; TCP's states by their names in the protocol (<c>tcp(7)</c>).</summary>
public enum SocketState
{
    /// <summary>Not known: the kernel tells nothing about it here.</summary>
    Unknown = 0,

    /// <summary>Two sides can talk.</summary>
    Established = 1,

    /// <summary>It has asked for a connection.</summary>
    SynSent = 2,

    /// <summary>It was asked for a connection.</summary>
    SynReceived = 3,

    /// <summary>It has closed its side.</summary>
    FinWait1 = 4,

    /// <summary>It has closed its side, and the other one knows.</summary>
    FinWait2 = 5,

    /// <summary>Closed; late packets are waited for.</summary>
    TimeWait = 6,

    /// <summary>Not connected: of UDP and Unix sockets, without a peer.</summary>
    Closed = 7,

    /// <summary>The other side has closed, this one has not.</summary>
    CloseWait = 8,

    /// <summary>Both have closed, the last word is missing.</summary>
    LastAck = 9,

    /// <summary>It takes connections.</summary>
    Listening = 10,

    /// <summary>Both have closed at once.</summary>
    Closing = 11,
}
