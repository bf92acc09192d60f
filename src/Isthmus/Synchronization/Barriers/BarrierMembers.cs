namespace Isthmus;

/// <summary>
/// The members of one slot: how many have joined, how many of them have arrived and in which round (in a later one:
/// none has), and how many occupants of the slot died as members.
/// </summary>
internal static class BarrierMembers
{
    /// <summary>The most members that one slot can have.</summary>
    public const int Most = (1 << CountBits) - 1;

    private const int CountBits = 10;
    private const int RoundBits = 20;
    private const ulong CountMask = Most;
    private const ulong RoundMask = (1u << RoundBits) - 1;
    private const int RoundShift = 2 * CountBits;
    private const ulong GenerationOne = 1UL << (RoundShift + RoundBits);
    private const ulong GenerationMask = ~(GenerationOne - 1);

    /// <summary>Where it stands.</summary>
    public static int Word(int slot) => StateLayout.Slot(slot);

    public static int JoinedOf(ulong word) => (int)(word & CountMask);

    /// <summary>How many have arrived in a round.</summary>
    public static int ArrivedOf(ulong word, uint round) => IsOf(word, round) ? (int)((word >> CountBits) & CountMask) : 0;

    /// <summary>Whether nobody of the slot is missing in a round.</summary>
    public static bool AreComplete(ulong word, uint round) => ArrivedOf(word, round) == JoinedOf(word);

    /// <summary>The word after one more has joined.</summary>
    public static ulong Joined(ulong word) => word + 1;

    /// <summary>The word after one that has not arrived has left.</summary>
    public static ulong Left(ulong word, uint round) => WithArrived(word, round, ArrivedOf(word, round)) - 1;

    /// <summary>The word after one more has arrived.</summary>
    public static ulong Arrived(ulong word, uint round) => WithArrived(word, round, ArrivedOf(word, round) + 1);

    /// <summary>The word after one that had arrived in a round has taken that back.</summary>
    public static ulong TakenBack(ulong word, uint round) => WithArrived(word, round, ArrivedOf(word, round) - 1);

    /// <summary>The word after the death of the slot's occupant.</summary>
    public static ulong Recovered(ulong word) => (word & GenerationMask) + GenerationOne;

    private static bool IsOf(ulong word, uint round) => ((word >> RoundShift) & RoundMask) == (round & RoundMask);

    private static ulong WithArrived(ulong word, uint round, int arrived) =>
        (word & (GenerationMask | CountMask)) | ((ulong)arrived << CountBits) | ((round & RoundMask) << RoundShift);
}
