namespace Isthmus;

/// <summary>
/// The word that counts a lane's lost and dropped messages: {count:32 | position:32}, the low bits of the position, in units of 8 bytes, of the
/// one that was
/// counted last. Who frees the place of such a message counts it first: and the position says whether somebody has done so already.
/// </summary>
internal static class QueueLosses
{
    public static uint CountOf(ulong word) => (uint)(word >> 32);

    /// <summary>Whether the message at a position was counted. A lane's first position is never taken for it, as long as none was counted.</summary>
    public static bool Includes(ulong word, ulong position) => word != 0 && (uint)word == (uint)(position >> 3);

    public static ulong Count(ulong word, ulong position) => ((ulong)(CountOf(word) + 1) << 32) | (uint)(position >> 3);
}
