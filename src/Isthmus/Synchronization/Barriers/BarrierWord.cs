namespace Isthmus;

/// <summary>
/// The word that all members of a barrier wait on. Low half: the round, whether it is broken, whether the next will be,
/// and who waits. High half: a version, which everything raises that makes a look at all slots out of date, and the
/// lowest bit of the number of rounds that were passed.
/// </summary>
/// <remarks>
/// A round ends when it is passed or reset. A member that waits cannot miss more than one that is passed: the next
/// needs it. So one bit tells it which of the two happened.
/// </remarks>
internal static class BarrierWord
{
    /// <summary>Where it stands.</summary>
    public const int Word = 0;

    /// <summary>A member died that had not arrived: nobody passes any more until the barrier is reset.</summary>
    public const ulong Broken = 1u << 28;

    /// <summary>A member died that had arrived: the round may be passed, and the next is broken.</summary>
    public const ulong BreaksNext = 1u << 29;

    private const ulong RoundMask = (1u << 28) - 1;
    private const ulong VersionOne = 1UL << 32;
    private const ulong VersionMask = ~(Parity | uint.MaxValue);
    private const ulong Parity = 1UL << 63;

    public static uint RoundOf(ulong word) => (uint)(word & RoundMask);

    public static bool IsBroken(ulong word) => (word & Broken) != 0;

    public static bool WillBreak(ulong word) => (word & BreaksNext) != 0;

    /// <summary>Whether a round was passed between the two.</summary>
    public static bool HasPassed(ulong before, ulong after) => ((before ^ after) & Parity) != 0;

    /// <summary>The word after a change that a look at all slots may have missed.</summary>
    public static ulong Raised(ulong word) => (word & ~VersionMask) | ((word + VersionOne) & VersionMask);

    /// <summary>The same, the waiters taken out: also who has looked and is about to sleep looks again.</summary>
    public static ulong Disturbed(ulong word) => WaiterFlags.Without(Raised(word));

    /// <summary>The word after all have arrived, the waiters taken out to be woken.</summary>
    public static ulong Passed(ulong word)
    {
        ulong next = NextRound(word) ^ Parity;
        return WillBreak(word) ? next | Broken : next;
    }

    /// <summary>The word after a reset, the waiters taken out to be woken.</summary>
    public static ulong Reset(ulong word) => NextRound(word);

    /// <summary>The word after the death of members. What is broken stays so; that it is said again makes it certain that it is still.</summary>
    /// <param name="word">The word.</param>
    /// <param name="hadArrived">Whether the dead had arrived, all of the slot.</param>
    public static ulong BrokenFor(ulong word, bool hadArrived) => Raised(word) | (IsBroken(word) ? 0 : hadArrived ? BreaksNext : Broken);

    private static ulong NextRound(ulong word) =>
        (Disturbed(word) & ~(RoundMask | Broken | BreaksNext)) | ((word + 1) & RoundMask);
}
