namespace Isthmus;

/// <summary>
/// The owner word of a reader-writer lock: the one writer, or who may become it. Low half: the owner's slot plus one
/// (0: free), its mode, flags, and who waits. High half: the generation, which every entry and every recovery raises.
/// </summary>
internal static class ReaderWriterOwner
{
    /// <summary>Where it stands.</summary>
    public const int Word = 0;

    /// <summary>
    /// Readers wait for the word to be opened. It outlives the owner that kept them out: the next one lets all of them
    /// in first who want to.
    /// </summary>
    public const ulong ReadersWait = 1u << 27;

    /// <summary>A writer died in it, and none has declared the data consistent since.</summary>
    public const ulong Abandoned = 1u << 28;

    /// <summary>A writer who was told left without declaring it: nobody enters any more.</summary>
    public const ulong Unusable = 1u << 29;

    private const ulong SlotMask = 0xFFFF;
    private const int ModeShift = 16;
    private const ulong ModeMask = 3 << ModeShift;
    private const ulong GenerationOne = 1UL << 32;

    public static bool IsFree(ulong word) => (word & SlotMask) == 0;

    public static bool IsOwnedBy(ulong word, int slot) => (word & SlotMask) == (ulong)slot + 1;

    /// <summary>The owner's slot; -1 when it is free.</summary>
    public static int OwnerOf(ulong word) => (int)(word & SlotMask) - 1;

    public static ReaderWriterMode ModeOf(ulong word) => (ReaderWriterMode)((word & ModeMask) >> ModeShift);

    public static uint GenerationOf(ulong word) => (uint)(word >> 32);

    public static bool HasReadersWaiting(ulong word) => (word & ReadersWait) != 0;

    public static bool IsUnusable(ulong word) => (word & Unusable) != 0;

    /// <summary>Whether the owner keeps readers out.</summary>
    public static bool IsClosed(ulong word) => ModeOf(word) >= ReaderWriterMode.Pending;

    /// <summary>
    /// Whether it is still the same entry; its mode may have changed, waiters may have come, the data may have been
    /// declared consistent.
    /// </summary>
    public static bool IsSameEntry(ulong word, ulong owned) =>
        OwnerOf(word) == OwnerOf(owned) && GenerationOf(word) == GenerationOf(owned);

    /// <summary>What a holder is told.</summary>
    public static ReaderWriterEntry EntryOf(ulong word) => (word & Abandoned) != 0 ? ReaderWriterEntry.Abandoned : ReaderWriterEntry.Entered;

    /// <summary>The word after <paramref name="slot"/> has taken it; the flags stay.</summary>
    public static ulong Taken(ulong free, int slot, ReaderWriterMode mode, Waiters waiters) =>
        (free + GenerationOne) | ((ulong)slot + 1) | ((ulong)mode << ModeShift) | (ulong)waiters;

    /// <summary>The word after its owner has closed it to readers; all who waited have come in.</summary>
    public static ulong Closed(ulong owned) => WithMode(owned, ReaderWriterMode.Pending) & ~ReadersWait;

    public static ulong WithMode(ulong owned, ReaderWriterMode mode) => (owned & ~ModeMask) | ((ulong)mode << ModeShift);

    /// <summary>The word after its owner has left, all waiters taken out to be woken.</summary>
    public static ulong Left(ulong owned)
    {
        bool isSpoiled = ModeOf(owned) == ReaderWriterMode.Writing && (owned & Abandoned) != 0;
        return WithoutOwner(owned) | (isSpoiled ? Unusable : 0);
    }

    /// <summary>
    /// The word after its owner has opened it to readers; when some wait, all waiters are taken out to be woken.
    /// </summary>
    public static ulong Opened(ulong owned)
    {
        ulong open = WithMode(owned, ReaderWriterMode.Upgradeable);
        return HasReadersWaiting(open) ? WaiterFlags.Without(open) : open;
    }

    /// <summary>The word after its owner's death: only who wrote leaves the data half changed.</summary>
    public static ulong Recovered(ulong owned)
    {
        ulong free = WithoutOwner(owned) + GenerationOne;
        return ModeOf(owned) == ReaderWriterMode.Writing ? free | Abandoned : free;
    }

    private static ulong WithoutOwner(ulong owned) => WaiterFlags.Without(owned) & ~(SlotMask | ModeMask);
}
