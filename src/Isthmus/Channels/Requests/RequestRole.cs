namespace Isthmus;

/// <summary>What a participant says of itself.</summary>
internal enum RequestRole
{
    /// <summary>It calls, and uses cells.</summary>
    Calls,

    /// <summary>It serves.</summary>
    Serves,
}
