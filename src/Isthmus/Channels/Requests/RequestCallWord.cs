namespace Isthmus;

/// <summary>
/// The word of a call. Low half: its state, the server that has it, which frame of a streamed reply was taken last (odd or even), the lowest 17 bits of
/// its id, and who of the server waits. High half: the other 32 bits of the id. Each call of a cell has an id that is one greater than that of the call
/// before; so no value that names a claim comes again.
/// </summary>
internal static class RequestCallWord
{
    private const int LowBits = 17, SlotShift = 2, IdShift = 13;
    private const ulong StateMask = 3, SlotMask = 0x3FF, LowMask = (1UL << LowBits) - 1;

    /// <summary>The bit that says whether an odd frame was taken last.</summary>
    public const ulong TakenBit = 1UL << 12;

    /// <summary>The greatest id.</summary>
    public const ulong IdMax = (1UL << (LowBits + 32)) - 1;

    /// <summary>The word of a call that any server may take; what was there before is gone, flags included.</summary>
    public static ulong Posted(ulong id) => Of(id) | (ulong)RequestCallState.Posted;

    public static RequestCallState StateOf(ulong word) => (RequestCallState)(word & StateMask);

    public static ulong IdOf(ulong word) => ((word >> 32) << LowBits) | ((word >> IdShift) & LowMask);

    /// <summary>The slot of the server that has, or had, it.</summary>
    public static int ServerOf(ulong word) => (int)((word >> SlotShift) & SlotMask);

    /// <summary>Whether a server has it, and the call has this id.</summary>
    public static bool IsHeld(ulong word, ulong id) => StateOf(word) >= RequestCallState.Claimed && IdOf(word) == id;

    /// <summary>Whether it is a call with this id that its client waits for, and a server has it.</summary>
    public static bool IsClaimed(ulong word, ulong id) => StateOf(word) == RequestCallState.Claimed && IdOf(word) == id;

    /// <summary>After a server has taken it.</summary>
    public static ulong Claimed(ulong posted, int slot) => Of(IdOf(posted)) | ((ulong)slot << SlotShift) | (ulong)RequestCallState.Claimed;

    /// <summary>After the client has taken it back, or given it up; all flags were taken out.</summary>
    public static ulong GivenUp(ulong word) => StateOf(word) == RequestCallState.Posted
        ? Of(IdOf(word)) | (ulong)RequestCallState.Idle
        : WaiterFlags.Without(word) | (ulong)RequestCallState.Cancelled;

    /// <summary>After the client has taken a frame; all flags were taken out.</summary>
    public static ulong Taken(ulong word) => WaiterFlags.Without(word) ^ TakenBit;

    private static ulong Of(ulong id) => ((id >> LowBits) << 32) | ((id & LowMask) << IdShift);
}
