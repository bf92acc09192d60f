namespace Isthmus;

/// <summary>What waiting for a reply came to.</summary>
internal enum RequestEnd
{
    /// <summary>Not yet over.</summary>
    None,

    /// <summary>The reply word has news.</summary>
    News,

    /// <summary>No server had taken the call, and none is there; it was taken back.</summary>
    NoServer,

    /// <summary>Given up before any server had taken the call; it was taken back.</summary>
    TakenBack,

    /// <summary>Given up while a server has it, which is told. The cell is the server's until it is done.</summary>
    Cancelled,
}
