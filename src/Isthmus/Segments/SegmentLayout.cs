namespace Isthmus;

/// <summary>
/// Where things stand in a segment's file: one page of header, one record for each slot, the state (<see cref="StateLayout"/>), and then,
/// from the next 64 KiB on, data if the kind has any. The map for people is <c>docs/layouts/segment.md</c>.
/// </summary>
internal static class SegmentLayout
{
    /// <summary>A file of another major version is refused; a higher minor one has only things that may be ignored.</summary>
    public const uint MajorVersion = 1, MinorVersion = 0;

    /// <summary>"ISTHMUS" and a zero.</summary>
    public const ulong Magic = 0x0053_554D_4854_5349;

    /// <summary>The features that this program knows; a file that requires another one is refused.</summary>
    public const ulong KnownFeatures = 0;

    public const int CapacityMax = 1000;
    public const int HeaderSize = 4096;
    public const int RecordSize = 128;
    public const int KindNameMax = 31;
    public const int ConfigWords = 16;
    public const int Regions = 8;
    public const int ReadWrite = 3;

    /// <summary>Regions begin and end at multiples of this: the largest page of the processors that we know.</summary>
    public const int Granule = 64 * 1024;

    /// <summary>The byte that whoever attaches locks shared meanwhile, and whoever cleans locks exclusively.</summary>
    public const long DoorByte = 0;

    /// <summary>Part of every layout hash.</summary>
    public const string Text = "segment 1: header 4096, record 128, line 128, shared lines 8, life lock at the record";

    /// <summary>The record of a slot; its first byte is that of the slot's life lock.</summary>
    public static int Record(int slot) => HeaderSize + (slot * RecordSize);

    public static int State(int capacity) => Record(capacity);

    /// <summary>The size of the first region: header, roster and state.</summary>
    public static long ControlSize(int capacity) => RoundUp(State(capacity) + StateLayout.Size(capacity));

    public static long RoundUp(long size) => (size + Granule - 1) / Granule * Granule;
}
