namespace Isthmus;

/// <summary>What an arrival at a barrier came to.</summary>
public enum BarrierOutcome
{
    /// <summary>The time was up before all had arrived. The arrival was taken back: nothing happened.</summary>
    TimedOut,

    /// <summary>All members have arrived.</summary>
    Passed,

    /// <summary>
    /// The same; this call was the last to arrive, or completed the phase in its place. At most one of a phase is told
    /// so (<c>PTHREAD_BARRIER_SERIAL_THREAD</c>); none is when a member that left, or died, was the last.
    /// </summary>
    Last,

    /// <summary>
    /// A member died, or the barrier was reset: not all have arrived, or one of them will not arrive again. All are
    /// told so until it is reset.
    /// </summary>
    Broken,
}
