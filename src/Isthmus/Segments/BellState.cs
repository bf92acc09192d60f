namespace Isthmus;

/// <summary>What is known of a process by its doorbell.</summary>
internal enum BellState
{
    /// <summary>It can be rung, and its hang-up will be seen.</summary>
    Open,

    /// <summary>Nobody reads it: a hint that its process is gone.</summary>
    Gone,

    /// <summary>It is not to be seen from here: another user, another mount namespace, or no bell at all.</summary>
    Unreachable,
}
