namespace Isthmus;

/// <summary>
/// Who has an end of a stream: low half, the state, the slot, and who waits for the end to be opened. An end is had once, so a word that names
/// somebody never comes again once it does not.
/// </summary>
internal static class StreamEndWord
{
    private const ulong StateMask = 3;
    private const int SlotShift = 2;
    private const ulong SlotMask = 0xFFFF;

    public static SharedStreamEnd StateOf(ulong word) => (SharedStreamEnd)(word & StateMask);

    /// <summary>Whose it is or was. To be checked before it is used.</summary>
    public static int SlotOf(ulong word) => (int)((word >> SlotShift) & SlotMask);

    /// <summary>Whether nobody has it any more.</summary>
    public static bool IsGone(ulong word) => StateOf(word) >= SharedStreamEnd.Closed;

    public static bool IsOpenAt(ulong word, int slot) => StateOf(word) == SharedStreamEnd.Open && SlotOf(word) == slot;

    /// <summary>The word of an end that somebody has; all flags are out of it.</summary>
    public static ulong OpenedBy(int slot) => (ulong)SharedStreamEnd.Open | ((ulong)slot << SlotShift);

    /// <summary>The word after the end of who had it.</summary>
    public static ulong Gone(ulong word, SharedStreamEnd how) => (word & ~StateMask) | (ulong)how;
}
