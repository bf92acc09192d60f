namespace Isthmus;

/// <summary>What becomes of a change to a <see cref="SystemVSemaphoreSet"/> when the process that made it ends.</summary>
public enum SemaphoreUndo
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>
    /// The kernel takes it back when the process ends, in whatever way, SIGKILL included (<c>SEM_UNDO</c>). Use it for both sides of a
    /// pair: what was acquired so and released otherwise is given back a second time in the end.
    /// </summary>
    AtExit,
}
