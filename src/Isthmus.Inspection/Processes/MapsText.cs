using System.Text;

namespace Isthmus.Inspection;

/// <summary>Finds in <c>/proc/PID/maps</c> what a process shares with others: private memory and program code are passed over.</summary>
internal readonly record struct MapsText(bool HasRuntime)
{
    private static ReadOnlySpan<byte> MemoryDirectory => "/dev/shm/"u8;

    public static MapsText Parse(ReadOnlySpan<byte> text, List<MappingFinding> shared)
    {
        bool hasRuntime = false;
        TextCursor lines = new(text);
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            hasRuntime |= IsRuntime(line);
            // The letter for shared stands behind the addresses and three others.
            int blank = line.IndexOf((byte)' ');
            bool isShared = blank > 0 && line.Length > blank + 4 && line[blank + 4] == 's';
            // No test of the inode: that of a System V segment is its id, and the first one has 0.
            if ((isShared || IsInSharedMemory(line)) && MapLine.TryParse(line, out MapLine map) && !map.Name.IsEmpty)
            {
                Add(map, hasEscapes: true, shared);
            }
        }
        return new MapsText(hasRuntime);
    }

    /// <summary>The name, or the line that ends with it, is that of the .NET runtime.</summary>
    public static bool IsRuntime(ReadOnlySpan<byte> name) => name.EndsWith("/libcoreclr.so"u8);

    /// <summary>Who maps that privately still uses it.</summary>
    public static bool IsInSharedMemory(ReadOnlySpan<byte> name) => name.IndexOf(MemoryDirectory) >= 0;

    /// <param name="map">A mapping that has a name.</param>
    /// <param name="hasEscapes">Its name is as <c>maps</c> prints it.</param>
    /// <param name="shared">Gets it, if it is of something that is shared.</param>
    public static void Add(in MapLine map, bool hasEscapes, List<MappingFinding> shared)
    {
        ReadOnlySpan<byte> name = FileName.WithoutMark(map.Name, out bool isDeleted);
        NodeKind kind = KindOf(name, isDeleted);
        NodeId target = kind == NodeKind.SystemVSharedMemory ? NodeId.Of(kind, map.Inode) : new NodeId(kind, map.Device, map.Inode);
        FileAccess access = (map.CanRead ? FileAccess.Read : 0) | (map.CanWrite ? FileAccess.Write : 0);
        if (kind is not (NodeKind.Device or NodeKind.OtherDescriptor))
        {
            shared.Add(new MappingFinding(map.Start, map.End, target, access == 0 ? null : access, NameOf(kind, name, hasEscapes), isDeleted));
        }
    }

    private static NodeKind KindOf(ReadOnlySpan<byte> name, bool isDeleted) => name switch
    {
        _ when name.StartsWith("/dev/shm/sem."u8) => NodeKind.PosixSemaphore,
        _ when name.StartsWith(MemoryDirectory) => NodeKind.PosixSharedMemory,
        _ when isDeleted && name.StartsWith("/memfd:"u8) => NodeKind.MemFd,
        _ when isDeleted && name.StartsWith("/SYSV"u8) => NodeKind.SystemVSharedMemory,
        _ when isDeleted && name.SequenceEqual("/dev/zero"u8) => NodeKind.AnonymousSharedMemory,
        _ when name.StartsWith("/dev/"u8) => NodeKind.Device,
        _ when name.StartsWith("/"u8) => NodeKind.File,
        _ => NodeKind.OtherDescriptor,
    };

    private static string? NameOf(NodeKind kind, ReadOnlySpan<byte> name, bool hasEscapes) => kind switch
    {
        NodeKind.SystemVSharedMemory or NodeKind.AnonymousSharedMemory => null,
        _ => SharedMemoryName.Of(kind, hasEscapes ? FileName.Unescape(name) : Encoding.UTF8.GetString(name)),
    };
}
