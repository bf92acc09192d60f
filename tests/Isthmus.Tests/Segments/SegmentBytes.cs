using System.Runtime.InteropServices;

namespace Isthmus.Tests.Segments;

/// <summary>The file of a segment as bytes, to be spoiled.</summary>
internal static class SegmentBytes
{
    public delegate void HeaderChange(ref SegmentHeader header);

    public static void Change(string path, HeaderChange change)
    {
        byte[] bytes = File.ReadAllBytes(path);
        change(ref MemoryMarshal.AsRef<SegmentHeader>(bytes.AsSpan()));
        File.WriteAllBytes(path, bytes);
    }
}
