namespace Isthmus;

/// <summary>
/// A word that says whose something is: {slot + 1:16 | version:48}; slot 0 is nobody's. Each taking raises the version, so that no value comes again.
/// </summary>
internal static class QueueOwner
{
    private const int SlotBits = 16;
    private const ulong SlotMask = (1 << SlotBits) - 1;

    public static bool IsFree(ulong word) => (word & SlotMask) == 0;

    /// <summary>Whose it is; -1 for nobody's.</summary>
    public static int SlotOf(ulong word) => (int)(word & SlotMask) - 1;

    public static ulong Take(ulong word, int slot) => ((word >> SlotBits) + 1 << SlotBits) | (uint)(slot + 1);

    public static ulong Free(ulong word) => word & ~SlotMask;
}
