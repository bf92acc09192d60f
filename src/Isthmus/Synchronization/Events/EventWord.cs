namespace Isthmus;

/// <summary>
/// The word of an event. Low half: whether it is set, the lowest 29 bits of the version, and who waits. High half: the version, which every Set
/// raises: so that no value comes again, and who waits for a manual event learns that it was set even when it was reset at once.
/// </summary>
internal static class EventWord
{
    /// <summary>Where it stands.</summary>
    public const int Word = 0;

    private const ulong SetBit = 1;
    private const uint LowVersionMask = 0x3FFF_FFFE;

    /// <summary>The word of a new event.</summary>
    public static ulong Initial(bool isSet) => isSet ? SetBit : 0;

    public static bool IsSet(ulong word) => (word & SetBit) != 0;

    public static uint VersionOf(ulong word) => (uint)(word >> 32);

    /// <summary>The word after a Set; all flags were taken out of it.</summary>
    public static ulong Set(ulong word)
    {
        uint version = VersionOf(word) + 1;
        return ((ulong)version << 32) | ((version << 1) & LowVersionMask) | SetBit;
    }

    public static ulong Reset(ulong word) => word & ~SetBit;
}
