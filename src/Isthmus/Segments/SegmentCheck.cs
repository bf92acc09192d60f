using System.Text;

namespace Isthmus;

/// <summary>The checks that a copy of a header must pass before anything in it is believed.</summary>
/// <param name="name">For errors.</param>
/// <param name="header">A private copy.</param>
/// <param name="fileSize">Of the file, in bytes.</param>
internal readonly ref struct SegmentCheck(string? name, in SegmentHeader header, long fileSize)
{
    private readonly ref readonly SegmentHeader _header = ref header;

    /// <exception cref="InvalidDataException">The first check that failed.</exception>
    public void Run(SegmentKind? kind)
    {
        Require(fileSize >= SegmentLayout.Granule, $"has {fileSize} bytes, fewer than any segment: it is none, or was truncated");
        Require(_header.Magic == SegmentLayout.Magic, "is no segment: it does not begin with ISTHMUS");
        Require(
            _header.MajorVersion == SegmentLayout.MajorVersion,
            $"has the format version {_header.MajorVersion}.{_header.MinorVersion}, this program {SegmentLayout.MajorVersion}.{SegmentLayout.MinorVersion}");
        ulong unknown = _header.RequiredFeatures & ~SegmentLayout.KnownFeatures;
        Require(unknown == 0, $"requires the features 0x{unknown:x}, which this program does not know");
        Require(_header.Successor == 0, $"has been replaced by the segment {_header.Successor:x16}, and this program cannot follow it");
        CheckKind(kind);
        CheckSizes();
    }

    /// <summary>The name of a header's kind, whatever bytes stand there.</summary>
    public static string KindName(in SegmentHeader header)
    {
        ReadOnlySpan<byte> bytes = header.KindName;
        int end = bytes.IndexOf((byte)0);
        StringBuilder text = new();
        foreach (byte each in end < 0 ? bytes : bytes[..end])
        {
            text.Append(char.IsAsciiLetterOrDigit((char)each) ? (char)each : '?');
        }
        return text.ToString();
    }

    private void CheckSizes()
    {
        uint capacity = _header.Capacity;
        Require(
            capacity is >= 1 and <= SegmentLayout.CapacityMax, $"says that it has {capacity} slots; there can be 1 to {SegmentLayout.CapacityMax}");
        SegmentRegion control = new() { Size = (ulong)SegmentLayout.ControlSize((int)capacity), Access = SegmentLayout.ReadWrite };
        Require(_header.Regions[0] == control, $"describes its first region wrongly for its {capacity} slots");
        SegmentRegion data = _header.Regions[1];
        bool hasData = data != default;
        Require(
            !hasData || (data == new SegmentRegion { Offset = control.Size, Size = data.Size, Access = SegmentLayout.ReadWrite }
                && data.Size is > 0 and <= long.MaxValue / 2 && data.Size % SegmentLayout.Granule == 0),
            "describes its second region wrongly");
        for (int region = 2; region < SegmentLayout.Regions; region++)
        {
            Require(_header.Regions[region] == default, $"has a region {region}, which this program does not know");
        }
        ulong size = control.Size + data.Size;
        Require(_header.Size == size, $"says that it has {_header.Size} bytes, and its regions make {size}");
        Require((ulong)fileSize == size, $"has {fileSize} bytes, and its header says {size}: it was truncated or extended");
    }

    private void CheckKind(SegmentKind? kind)
    {
        if (kind is null)
        {
            return;
        }
        Require(_header.Kind == kind.Id, $"is of the kind {KindName(_header)} ({_header.Kind}), not {kind.Name} ({kind.Id})");
        Require(
            _header.LayoutHash == kind.LayoutHash,
            $"has the layout {_header.LayoutHash:x16}, and this program's {kind.Name} has {kind.LayoutHash:x16}: another version made it");
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException($"The segment {(name is null ? "" : $"'{name}' ")}{what}.");
        }
    }
}
