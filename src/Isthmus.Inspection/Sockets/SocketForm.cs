namespace Isthmus.Inspection;

/// <summary>How a socket carries data (<c>socket(2)</c>).</summary>
public enum SocketForm
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Bytes in order, both ways.</summary>
    Stream = 1,

    /// <summary>Messages, each for itself.</summary>
    Datagram = 2,

    /// <summary>As the family has them.</summary>
    Raw = 3,

    /// <summary>Messages in order, over a connection.</summary>
    SequencedPacket = 5,
}
