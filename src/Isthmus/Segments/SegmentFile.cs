using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>The files of segments: made complete, opened only when they are what the caller may trust.</summary>
internal static class SegmentFile
{
    private const uint NamesMax = 1;
    private const uint OthersWrite = 0x12;

    /// <summary>Opens what stands at a name, for reading and writing unless asked otherwise; null when nothing does.</summary>
    public static SafeFileHandle? TryOpen(SegmentName name, SharedObjectOptions options, MemoryAccess access = MemoryAccess.ReadWrite)
    {
        if (!SegmentDirectory.TryCheck(name, options.AnyOwner))
        {
            return null;
        }
        MemoryOpenOptions how = new() { Access = access, AnyOwner = options.AnyOwner };
        SafeFileHandle? file = MemoryFile.TryOpen(name.Path, name.Name, how, NamesMax);
        if (file is not null && !options.AnyOwner)
        {
            RequireMode(file, name.Name, options.Mode);
        }
        return file;
    }

    /// <summary>As <see cref="TryOpen"/>, but throws when nothing stands at the name.</summary>
    public static SafeFileHandle Open(SegmentName name, SharedObjectOptions options, MemoryAccess access = MemoryAccess.ReadWrite) =>
        TryOpen(name, options, access) ?? throw name.NotFound();

    /// <summary>Whether the name is that of the open file, still.</summary>
    public static bool IsAt(SegmentName name, SafeHandle file) =>
        FileStatus.TryAt(name.Path, out LibC.statx found) && FileStatus.IsSame(found, FileStatus.Of(file, name.Name));

    /// <summary>
    /// A description of the same file of one's own: what is inherited or received is shared with others, its locks too.
    /// </summary>
    public static SafeFileHandle Reopen(SafeHandle file, string? name)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return LibC.Check(LibC.open(ProcFs.PathOf(file), LibC.O_RDWR | LibC.O_CLOEXEC), name);
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Writes what a new segment begins with, into space that is allocated.</summary>
    public static void Write(SafeFileHandle file, SegmentHeader header, ReadOnlySpan<ulong> state)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<SegmentHeader>(in header));
        RandomAccess.Write(file, bytes[sizeof(ulong)..], sizeof(ulong));
        RandomAccess.Write(file, MemoryMarshal.AsBytes(state), SegmentLayout.State((int)header.Capacity));
        RandomAccess.Write(file, bytes[..sizeof(ulong)], 0);
    }

    /// <summary>A copy of the header, checked; <paramref name="kind"/> null for any kind.</summary>
    /// <exception cref="InvalidDataException">It is no segment, or not such a one.</exception>
    public static SegmentHeader Read(SafeFileHandle file, SegmentKind? kind, string? name)
    {
        SegmentHeader header = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<SegmentHeader>(ref header));
        long length = (long)FileStatus.Of(file, name).stx_size;
        int read = ReadFully(file, bytes, 0);
        new SegmentCheck(name, header, read < bytes.Length ? read : length).Run(kind);
        return header;
    }

    public static int ReadFully(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        int total = 0;
        while (total < bytes.Length && RandomAccess.Read(file, bytes[total..], offset + total) is > 0 and int read)
        {
            total += read;
        }
        return total;
    }

    /// <summary>The header of a new segment.</summary>
    public static SegmentHeader NewHeader(SegmentKind kind, int capacity, ReadOnlySpan<ulong> config, long dataSize)
    {
        long controlSize = SegmentLayout.ControlSize(capacity);
        long data = SegmentLayout.RoundUp(dataSize);
        SegmentHeader header = new()
        {
            Magic = SegmentLayout.Magic,
            MajorVersion = SegmentLayout.MajorVersion,
            MinorVersion = SegmentLayout.MinorVersion,
            LayoutHash = kind.LayoutHash,
            Kind = kind.Id,
            Capacity = (uint)capacity,
            Id = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
            Generation = 1,
            Size = (ulong)(controlSize + data),
            Creator = ProcessStamp.From(ProcessIdentity.Current),
        };
        Encoding.ASCII.GetBytes(kind.Name, header.KindName);
        config.CopyTo(header.Config);
        header.Regions[0] = new() { Size = (ulong)controlSize, Access = SegmentLayout.ReadWrite };
        if (data > 0)
        {
            header.Regions[1] = new() { Offset = (ulong)controlSize, Size = (ulong)data, Access = SegmentLayout.ReadWrite };
        }
        return header;
    }

    private static void RequireMode(SafeFileHandle file, string name, UnixFileMode accepted)
    {
        LibC.statx status = FileStatus.Of(file, name);
        if ((status.stx_mode & OthersWrite & ~(uint)accepted) != 0)
        {
            file.Dispose();
            throw PosixException.From(
                Errno.EPERM, "open", name, $"Its mode is {FileStatus.ModeOf(status)}: other users may write it. Accept such a mode, or any owner.");
        }
    }
}
