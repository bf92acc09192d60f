using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/statfs.h
internal static partial class LibC
{
    // Stands in the kernel's source only (ipc/mqueue.c), so not held against a header.
    internal const long MQUEUE_MAGIC = 0x19800202;

    [StructLayout(LayoutKind.Sequential, Size = 120)]
    public struct statfs
    {
        public long f_type;
        public long f_bsize;
    }

    [LibraryImport(Libc, EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static unsafe partial int statfs_at(string path, statfs* buffer);
}
