namespace Isthmus;

/// <summary>
/// The word that publishes a reply, stored last by the server that has the call: the call's id (49 bits), the number of a part (11 bits, for parts
/// only) and what it is (4 bits). Nobody else writes it while that server lives.
/// </summary>
internal static class RequestReplyWord
{
    private const int IdShift = 15, FrameShift = 4;
    private const ulong StateMask = 15, FrameMask = 0x7FF;

    public static ulong Of(ulong id, RequestReplyState state, int frame = 0) =>
        (id << IdShift) | (((ulong)frame & FrameMask) << FrameShift) | (ulong)state;

    public static ulong IdOf(ulong word) => word >> IdShift;

    /// <summary>Unknown ones count as if nothing was said.</summary>
    public static RequestReplyState StateOf(ulong word) =>
        (word & StateMask) <= (ulong)RequestReplyState.Died ? (RequestReplyState)(word & StateMask) : RequestReplyState.None;

    /// <summary>Whether it ends the call of this id.</summary>
    public static bool Ends(ulong word, ulong id) => IdOf(word) == id && StateOf(word) > RequestReplyState.Frame;

    /// <summary>Whether it says something of the call of this id that is not what was seen last.</summary>
    public static bool IsNews(ulong word, ulong id, ulong seen) =>
        word != seen && IdOf(word) == id && StateOf(word) != RequestReplyState.None;
}
