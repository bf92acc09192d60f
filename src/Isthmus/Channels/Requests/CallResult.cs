namespace Isthmus;

/// <summary>What a call came to whose reply was copied out.</summary>
/// <param name="Outcome">What it came to.</param>
/// <param name="Length">The length of the reply, or of what the server said of its failure, in bytes.</param>
/// <param name="ErrorCode">The server's, when it failed.</param>
public readonly record struct CallResult(CallOutcome Outcome, int Length = 0, int ErrorCode = 0)
{
    /// <summary>Whether the reply is there, whole.</summary>
    public bool IsReply => Outcome == CallOutcome.Replied;
}
