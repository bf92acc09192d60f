namespace Isthmus;

/// <summary>Whom a connection may be with, judged by the credentials that the kernel noted when it was made.</summary>
public enum PeerPolicy
{
    /// <summary>
    /// What fits the address: for a path anybody whom its mode and directory let in; for an abstract name, which has
    /// neither and which any user may bind or connect to, <see cref="SameUser"/>.
    /// </summary>
    ByAddress = 0,

    /// <summary>This process's effective user, or root. Others are closed without a word.</summary>
    SameUser,

    /// <summary>Anybody; the program looks at <see cref="UnixSocket.PeerCredentials"/> itself.</summary>
    Anyone,
}
