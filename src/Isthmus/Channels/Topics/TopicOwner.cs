namespace Isthmus;

/// <summary>
/// The word of a seat or of a ring: who has it. The generation is raised each time that it is taken, so that no value of it comes again.
/// </summary>
internal static class TopicOwner
{
    private const ulong StateMask = 3;
    private const int SlotShift = 2;
    private const ulong SlotMask = (1UL << 10) - 1;
    private const int GenerationShift = 12;

    public static TopicOwnerState StateOf(ulong word) => (TopicOwnerState)(word & StateMask);

    /// <summary>Whose it is, unless it is free. To be checked before it is used.</summary>
    public static int SlotOf(ulong word) => (int)((word >> SlotShift) & SlotMask);

    public static bool IsFree(ulong word) => StateOf(word) == TopicOwnerState.Free;

    /// <summary>Whether a slot has it.</summary>
    public static bool IsOf(ulong word, int slot) => !IsFree(word) && SlotOf(word) == slot;

    /// <summary>A free one after a slot has taken it.</summary>
    public static ulong Taken(ulong word, int slot, TopicOwnerState state) =>
        (((word >> GenerationShift) + 1) << GenerationShift) | ((ulong)slot << SlotShift) | (ulong)state;

    /// <summary>The same owner in another state.</summary>
    public static ulong With(ulong word, TopicOwnerState state) => (word & ~StateMask) | (ulong)state;

    /// <summary>After its owner has left it.</summary>
    public static ulong Freed(ulong word) => word >> GenerationShift << GenerationShift;
}
