using System.Buffers.Binary;
using System.Text;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>POSIX shared memory and semaphores that have a name, held by somebody or not: what stands in <c>/dev/shm</c>.</summary>
internal static class SharedMemoryNames
{
    // Private directories of other users are passed over.
    private static readonly EnumerationOptions s_everywhere = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    public static void List(List<ObjectNode> objects)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(SharedMemoryName.Directory, "*", s_everywhere))
            {
                if (FileStatus.TryAt(path, out LibC.statx status) && (status.stx_mode & LibC.S_IFMT) == LibC.S_IFREG)
                {
                    objects.Add(Describe(path, status));
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // No such file system here.
        }
    }

    private static ObjectNode Describe(string path, LibC.statx status)
    {
        bool isSemaphore = Path.GetFileName(path.AsSpan()).StartsWith(SharedMemoryName.SemaphorePrefix, StringComparison.Ordinal);
        NodeKind kind = isSemaphore ? NodeKind.PosixSemaphore : NodeKind.PosixSharedMemory;
        ulong device = DeviceNumber.Of(status.stx_dev_major, status.stx_dev_minor);
        return new ObjectNode(new NodeId(kind, device, status.stx_ino), SharedMemoryName.Of(kind, path))
        {
            UserId = status.stx_uid,
            GroupId = status.stx_gid,
            Mode = (UnixFileMode)(status.stx_mode & 0xFFF),
            Size = (long)status.stx_size,
            Fill = isSemaphore ? ValueOf(path) : null,
        };
    }

    // The low half of glibc's first word is the value, the high half counts who waits.
    private static long? ValueOf(string path)
    {
        // Not by a FileStream, which would take a lock on it.
        using DirectoryReader? directory = DirectoryReader.TryOpen(Path.GetDirectoryName(path)!, out _);
        Span<byte> word = stackalloc byte[8];
        return directory?.Read(Encoding.UTF8.GetBytes(Path.GetFileName(path) + '\0'), word) == word.Length
            ? BinaryPrimitives.ReadUInt32LittleEndian(word)
            : null;
    }
}
