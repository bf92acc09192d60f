namespace Isthmus;

/// <summary>What one look at a process found.</summary>
internal enum WaitOutcome
{
    Running,

    /// <summary>It has ended, and how is known, or will never be.</summary>
    Ended,

    /// <summary>It has ended, and how will be known once its parent has reaped it.</summary>
    Unreaped,

    /// <summary>ECHILD: it never was our child, or somebody else has reaped it.</summary>
    NotOurChild,
}
