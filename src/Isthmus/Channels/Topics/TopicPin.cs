namespace Isthmus;

/// <summary>A pin: a sample that its subscriber reads in place. Only that subscriber writes it.</summary>
internal static class TopicPin
{
    /// <summary>It pins nothing.</summary>
    public const ulong None = 0;

    /// <summary>The most rings that a pin can tell apart.</summary>
    public const int RingsMax = 64;

    private const ulong UsedBit = 1;
    private const int RingShift = 1;
    private const int PositionShift = 7;

    public static ulong Of(int ring, ulong position) => (position << PositionShift) | ((ulong)ring << RingShift) | UsedBit;

    /// <summary>Whether it pins a sample of a ring.</summary>
    public static bool IsIn(ulong pin, int ring) => (pin & UsedBit) != 0 && (int)((pin >> RingShift) & (RingsMax - 1)) == ring;

    public static ulong PositionOf(ulong pin) => pin >> PositionShift;
}
