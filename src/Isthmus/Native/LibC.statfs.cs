using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/statfs.h
internal static partial class LibC
{
    // linux/magic.h
    public const long TMPFS_MAGIC = 0x01021994;

    // Stands in the kernel's source only (ipc/mqueue.c), so not held against a header.
    internal const long MQUEUE_MAGIC = 0x19800202;

    [StructLayout(LayoutKind.Sequential, Size = 120)]
    public struct statfs
    {
        public long f_type;
        public long f_bsize;
        public ulong f_blocks;
        public ulong f_bfree;
    }

    [LibraryImport(Libc, EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int statfs_at(string path, statfs* buffer);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int fstatfs(SafeHandle fd, statfs* buffer);
}
