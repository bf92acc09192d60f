namespace Isthmus;

/// <summary>
/// One operation on shared memory as an explicit state machine, an unmanaged struct. Each step has at most one effect on the memory, so that a test
/// can
/// stop it (or kill it) between any two. Who drives it (a blocked thread, the event loop, the explorer) decides what waiting means.
/// </summary>
internal interface IOperation
{
    /// <summary>
    /// Whether, when one operation of this kind has to wait for a word, no other that waits for the same word can go on, of whatever kind: then
    /// a wake tries one after the other and stops at the first that fails.
    /// </summary>
    static virtual bool StandsForAll => false;

    /// <summary>Does the next step.</summary>
    Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory;

    /// <summary>
    /// Ends the wait (a timeout, a cancellation), to be called after a step that asked to wait. The steps that follow take back what was announced
    /// and pass on a wake that may have been meant for this operation; they do not wait again, and may still find that it succeeded.
    /// </summary>
    void Withdraw();
}
