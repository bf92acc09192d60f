namespace Isthmus;

/// <summary>What a run of a <c>SharedOnce</c> comes after.</summary>
public enum OnceAttempt
{
    /// <summary>Nothing: nobody has run it before.</summary>
    First = 0,

    /// <summary>A run before it threw an exception. What that run did stands.</summary>
    AfterFailure = 1,

    /// <summary>The process of a run before it died in it, anywhere.</summary>
    AfterDeath = 2,
}
