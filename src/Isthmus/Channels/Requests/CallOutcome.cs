namespace Isthmus;

/// <summary>What a call came to.</summary>
public enum CallOutcome
{
    /// <summary>The reply is there.</summary>
    Replied,

    /// <summary>The server says that it failed: there is its code, and what it said of it.</summary>
    Failed,

    /// <summary>The server is done with the call and has not replied.</summary>
    Unanswered,

    /// <summary>The server that had the call died, or left. It may have done all of its work, some, or none.</summary>
    ServerDied,

    /// <summary>There is no server, and none has had the call.</summary>
    NoServer,

    /// <summary>The time was up. A server that had the call is told; it may have done its work.</summary>
    TimedOut,

    /// <summary>
    /// As many calls of this client as there may be (<see cref="RequestOptions.MaxCalls"/>) are on their way, or were given up and their servers are not
    /// done with them; this one was not made.
    /// </summary>
    Busy,

    /// <summary>The reply is longer than the buffer that was given for it: what fits is there, and <see cref="CallResult.Length"/> would do.</summary>
    Truncated,
}
