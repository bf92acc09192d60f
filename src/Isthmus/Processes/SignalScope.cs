namespace Isthmus;

/// <summary>Who is meant along with a process.</summary>
public enum SignalScope
{
    /// <summary>The process alone.</summary>
    Process,

    /// <summary>The process group that it leads: what its programs have started and not moved elsewhere.</summary>
    Group,

    /// <summary>
    /// All its descendants, found by their parents: also those with a group or session of their own, but none whose
    /// parent died.
    /// </summary>
    Tree,
}
