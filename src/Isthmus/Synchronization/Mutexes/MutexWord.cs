namespace Isthmus;

/// <summary>
/// The owner word of a mutex. Low half: the owner's slot plus one (0: free), flags, and who waits. High half: the
/// generation, which every entry and every recovery raises, so that no recoverer that was paused takes a later owner for the dead one.
/// </summary>
internal static class MutexWord
{
    /// <summary>Where it stands.</summary>
    public const int Word = 0;

    /// <summary>An owner died in it, and none has declared the data consistent since.</summary>
    public const ulong Abandoned = 1u << 28;

    /// <summary>Somebody who was told left without declaring it: nobody enters any more.</summary>
    public const ulong Unusable = 1u << 29;

    private const ulong OwnerMask = 0xFFFF;
    private const ulong GenerationOne = 1UL << 32;

    /// <summary>Whether nobody is in it, and nothing has ever gone wrong.</summary>
    public static bool IsIdle(ulong word) => (uint)word == 0;

    /// <summary>Whether there are no flags: nobody waits, and nothing has gone wrong.</summary>
    public static bool IsPlain(ulong word) => ((uint)word & ~(uint)OwnerMask) == 0;

    public static bool IsFree(ulong word) => (word & OwnerMask) == 0;

    public static bool IsOwnedBy(ulong word, int slot) => (word & OwnerMask) == (ulong)slot + 1;

    /// <summary>The owner's slot; -1 when it is free.</summary>
    public static int OwnerOf(ulong word) => (int)(word & OwnerMask) - 1;

    public static uint GenerationOf(ulong word) => (uint)(word >> 32);

    /// <summary>Whether two words tell of the same entry, waiters and flags aside.</summary>
    public static bool IsSameEntry(ulong word, ulong owned) =>
        OwnerOf(word) == OwnerOf(owned) && GenerationOf(word) == GenerationOf(owned);

    public static Waiters WaitersOf(ulong word) => (Waiters)(uint)word & Waiters.All;

    public static ulong WithoutWaiters(ulong word) => word & ~(ulong)Waiters.All;

    /// <summary>The word after <paramref name="slot"/> has entered; the flags stay.</summary>
    public static ulong Entered(ulong free, int slot, Waiters waiters) => (free + GenerationOne) | ((ulong)slot + 1) | (ulong)waiters;

    /// <summary>The word after the owner has left, and all waiters were taken out of it to be woken.</summary>
    public static ulong Left(ulong owned)
    {
        ulong free = WithoutWaiters(owned) & ~OwnerMask;
        return (free & Abandoned) != 0 ? free | Unusable : free;
    }

    /// <summary>The word after the owner's death.</summary>
    public static ulong Recovered(ulong owned) => ((WithoutWaiters(owned) & ~OwnerMask) + GenerationOne) | Abandoned;
}
