using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// What a client tells of a request. Low half: its length, and whether a reply in parts is wanted. High half: the milliseconds that the client waits, at
/// most; all ones: for ever.
/// </summary>
internal static class RequestInfoWord
{
    private const ulong PartsBit = 1UL << 31, LengthMask = PartsBit - 1;
    private const uint Forever = uint.MaxValue;

    public static ulong Of(int length, bool inParts, Deadline deadline) =>
        (uint)length | (inParts ? PartsBit : 0) | ((ulong)Milliseconds(deadline) << 32);

    public static int LengthOf(ulong word) => (int)(word & LengthMask);

    public static bool WantsParts(ulong word) => (word & PartsBit) != 0;

    public static TimeSpan TimeoutOf(ulong word) =>
        (uint)(word >> 32) == Forever ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds((uint)(word >> 32));

    private static uint Milliseconds(Deadline deadline) =>
        deadline.IsNever ? Forever : (uint)Math.Min(Math.Ceiling(deadline.Remaining.TotalMilliseconds), Forever - 1);
}
