namespace Isthmus;

/// <summary>Whether an operation goes on.</summary>
internal enum ProgressKind
{
    /// <summary>At once.</summary>
    Continues,

    /// <summary>When a word changes.</summary>
    Waits,

    /// <summary>No more.</summary>
    Done,
}
