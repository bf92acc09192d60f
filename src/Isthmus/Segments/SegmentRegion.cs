using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>A part of a segment that is mapped alike; unused entries of the table are zeros.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal record struct SegmentRegion
{
    [FieldOffset(0)]
    public ulong Offset;

    [FieldOffset(8)]
    public ulong Size;

    /// <summary>1: read, 2: write.</summary>
    [FieldOffset(16)]
    public uint Access;

    /// <summary>Which file it stands in; 0 for that of the header.</summary>
    [FieldOffset(20)]
    public uint File;

    [FieldOffset(24)]
    public ulong Reserved;
}
