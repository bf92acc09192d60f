namespace Isthmus;

/// <summary>
/// What the owner word (<see cref="MutexWord"/>) of a fair mutex says beyond that of another: whoever leaves chooses the next owner, who has yet to
/// come in. Nobody sleeps on this word.
/// </summary>
internal static class FairMutexWord
{
    /// <summary>The owner was chosen and has not come in.</summary>
    public const ulong Chosen = 1u << 26;

    /// <summary>Somebody waits for a turn, or did: who leaves looks for the next.</summary>
    public const ulong Queue = 1u << 27;

    private const ulong OwnerMask = 0xFFFF;
    private const ulong GenerationOne = 1UL << 32;

    public static bool HasQueue(ulong word) => (word & Queue) != 0;

    public static bool IsChosen(ulong word) => (word & Chosen) != 0;

    /// <summary>Whether a slot was chosen and may come in.</summary>
    public static bool IsTurnOf(ulong word, int slot) => IsChosen(word) && MutexWord.IsOwnedBy(word, slot);

    /// <summary>The word after the one that was chosen has come in.</summary>
    public static ulong Claimed(ulong chosen) => (chosen & ~Chosen) + GenerationOne;

    /// <summary>The word after a slot was chosen, in place of the owner.</summary>
    public static ulong ChosenNext(ulong owned, int slot) => ((owned & ~OwnerMask) + GenerationOne) | ((ulong)slot + 1) | Chosen | Queue;

    /// <summary>The word after there was nobody to choose.</summary>
    public static ulong Freed(ulong owned) => (owned & ~(OwnerMask | Chosen | Queue)) + GenerationOne;

    /// <summary>The word with what the death of its owner means: only who was inside leaves the data half changed.</summary>
    public static ulong Orphaned(ulong owned) => IsChosen(owned) ? owned : owned | MutexWord.Abandoned;
}
