namespace Isthmus;

/// <summary>
/// What a participant is, in the line of its slot. Low half: whether it serves, and how many of the slot's cells were ever used, by whomever. High half: a
/// version that every change raises, so that no value comes again.
/// </summary>
internal static class RequestPeerWord
{
    private const ulong ServesBit = 1;
    private const int CellsShift = 1;
    private const ulong CellsMask = 0x7F;

    public static int Word(int slot) => StateLayout.Slot(slot);

    public static bool Serves(ulong word) => (word & ServesBit) != 0;

    /// <summary>How many cells were used; no more than there are, whatever stands there.</summary>
    public static int CellsOf(ulong word, int most) => (int)Math.Min((word >> CellsShift) & CellsMask, (ulong)most);

    public static ulong Serving(ulong word) => Raised(word) | ServesBit;

    public static ulong NotServing(ulong word) => Raised(word) & ~ServesBit;

    public static ulong Using(ulong word, int cells) => (Raised(word) & ~(CellsMask << CellsShift)) | ((ulong)cells << CellsShift);

    private static ulong Raised(ulong word) => word + (1UL << 32);
}
