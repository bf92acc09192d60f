using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>The first page of a segment. All but the two words at its end are written once, before anybody else can open it.</summary>
[StructLayout(LayoutKind.Explicit, Size = SegmentLayout.HeaderSize)]
internal struct SegmentHeader
{
    /// <summary>Written last, so that it also means: finished.</summary>
    [FieldOffset(0)]
    public ulong Magic;

    [FieldOffset(8)]
    public uint MajorVersion;

    [FieldOffset(12)]
    public uint MinorVersion;

    /// <summary><see cref="SegmentKind.LayoutHash"/>.</summary>
    [FieldOffset(16)]
    public ulong LayoutHash;

    /// <summary><see cref="SegmentKind.Id"/>.</summary>
    [FieldOffset(24)]
    public uint Kind;

    /// <summary>How many slots.</summary>
    [FieldOffset(28)]
    public uint Capacity;

    /// <summary>Random: no other segment has it.</summary>
    [FieldOffset(32)]
    public ulong Id;

    /// <summary>1; one more than that of the segment which this one succeeds.</summary>
    [FieldOffset(40)]
    public ulong Generation;

    /// <summary>Of the file.</summary>
    [FieldOffset(48)]
    public ulong Size;

    /// <summary>Whoever does not know one of them must not open it.</summary>
    [FieldOffset(56)]
    public ulong RequiredFeatures;

    /// <summary>Whoever does not know one of them may ignore it.</summary>
    [FieldOffset(64)]
    public ulong OptionalFeatures;

    /// <summary>The id of the segment that has taken this one's place; 0.</summary>
    [FieldOffset(72)]
    public ulong Successor;

    /// <summary>For people.</summary>
    [FieldOffset(80)]
    public ProcessStamp Creator;

    /// <summary><see cref="SegmentKind.Name"/>, then zeros.</summary>
    [FieldOffset(128)]
    public KindNameBytes KindName;

    /// <summary>What the kind was made with, such as the greatest count of a semaphore.</summary>
    [FieldOffset(256)]
    public ConfigTable Config;

    /// <summary>The first is header, roster and state; the second, if any, data.</summary>
    [FieldOffset(384)]
    public RegionTable Regions;

    /// <summary>How many slots have ever had a participant. It only grows.</summary>
    [FieldOffset(1024)]
    public ulong SlotsInUse;

    /// <summary>Raised by every change to the roster.</summary>
    [FieldOffset(1152)]
    public ulong RosterVersion;

    /// <summary>1 when a participant has no <c>membarrier(2)</c>: then who publishes by a plain store pays for a fence. It is never taken back.</summary>
    [FieldOffset(1280)]
    public ulong PublisherFences;

    [InlineArray(SegmentLayout.KindNameMax + 1)]
    public struct KindNameBytes
    {
        private byte _first;
    }

    [InlineArray(SegmentLayout.ConfigWords)]
    public struct ConfigTable
    {
        private ulong _first;
    }

    [InlineArray(SegmentLayout.Regions)]
    public struct RegionTable
    {
        private SegmentRegion _first;
    }
}
