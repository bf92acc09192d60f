namespace Isthmus;

/// <summary>
/// The readers of one slot. Low half: how many are inside, how many want to be (they wait for the owner word to be
/// opened), and whether the owner of the owner word waits for either to become 0. High half: how many occupants of the
/// slot died with some of it.
/// </summary>
internal static class ReaderWriterReaders
{
    /// <summary>The most that one slot can have of either.</summary>
    public const int CountMax = (1 << CountBits) - 1;

    /// <summary>Those inside.</summary>
    public const ulong Inside = CountMax;

    /// <summary>Those that want to be.</summary>
    public const ulong Wanting = Inside << CountBits;

    private const int CountBits = 15;
    private const ulong GenerationOne = 1UL << 32;

    /// <summary>Where it stands.</summary>
    public static int Word(int slot) => StateLayout.Slot(slot);

    public static int InsideOf(ulong word) => (int)(word & Inside);

    public static int WantingOf(ulong word) => (int)((word & Wanting) >> CountBits);

    /// <summary>Whether there is anything that a death would leave behind.</summary>
    public static bool IsIdle(ulong word) => (word & (Inside | Wanting)) == 0;

    /// <summary>Whether the word can count so many more (fewer when negative).</summary>
    public static bool CanCount(ulong word, int inside, int wanting) =>
        InsideOf(word) + inside is >= 0 and <= CountMax && WantingOf(word) + wanting is >= 0 and <= CountMax;

    /// <summary>
    /// The word after some have come or gone. When the last of a kind has, the waiters are taken out to be woken.
    /// </summary>
    public static ulong Changed(ulong word, int inside, int wanting)
    {
        ulong changed = word + (ulong)inside + ((ulong)wanting << CountBits);
        bool lastHasGone = (inside < 0 && (changed & Inside) == 0) || (wanting < 0 && (changed & Wanting) == 0);
        return lastHasGone ? WaiterFlags.Without(changed) : changed;
    }

    /// <summary>The word after the death of its slot's occupant.</summary>
    public static ulong Recovered(ulong word) => (word & ~(ulong)uint.MaxValue) + GenerationOne;
}
