namespace Isthmus;

/// <summary>A slot's own word in an owner-tracked semaphore: how many permits it holds, and the number of its last operation.</summary>
internal static class HeldWord
{
    private const ulong HeldMask = (1UL << 20) - 1;
    private const int NumberShift = 20;

    /// <summary>Where it stands.</summary>
    public static int Word(int slot) => StateLayout.Slot(slot);

    public static int HeldOf(ulong held) => (int)(held & HeldMask);

    public static ulong NumberOf(ulong held) => held >> NumberShift;

    /// <summary>Whether the last operation that the central word tells of is still to be brought about in its doer's word.</summary>
    public static bool IsBehind(ulong held, ulong word) => ((NumberOf(held) + 1) & TrackedWord.NumberMask) == TrackedWord.NumberOf(word);

    /// <summary>What a slot's word is, or will be when the last operation is brought about.</summary>
    public static ulong Current(ulong held, int slot, ulong word) =>
        TrackedWord.DoerOf(word) == slot && IsBehind(held, word) ? After(held, word) : held;

    /// <summary>The word when that is brought about.</summary>
    public static ulong After(ulong held, ulong word)
    {
        ulong count = TrackedWord.KindOf(word) switch
        {
            TrackedKind.Acquire => (held & HeldMask) + 1,
            TrackedKind.Release => (held & HeldMask) - 1,
            _ => 0,
        };
        return ((NumberOf(held) + 1) << NumberShift) | (count & HeldMask);
    }
}
