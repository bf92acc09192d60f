namespace Isthmus;

/// <summary>What a reply word says of the call whose id it has. All but the first two end it.</summary>
internal enum RequestReplyState
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A part of the reply is there; more follows.</summary>
    Frame,

    /// <summary>The reply, or its last part, is there.</summary>
    Replied,

    /// <summary>The server says that it failed; what it says of that is there.</summary>
    Failed,

    /// <summary>The reply is over, and there is no further part.</summary>
    End,

    /// <summary>The server is done with the call and has said nothing.</summary>
    Unanswered,

    /// <summary>The server died, or left.</summary>
    Died,
}
