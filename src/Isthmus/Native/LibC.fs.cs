using System.Runtime.InteropServices;

namespace Isthmus.Native;

// linux/fs.h, which cannot be included beside sys/mount.h of Debian 12, whose headers do not know what kernel 6.11 added either: a test holds it
// against the running kernel.
internal static partial class LibC
{
    internal static class Fs
    {
        /// <summary>An ioctl on <c>/proc/PID/maps</c>, whose number carries the struct's size.</summary>
        public const nuint PROCMAP_QUERY = 0xC0686611;

        public const ulong PROCMAP_QUERY_VMA_READABLE = 1, PROCMAP_QUERY_VMA_WRITABLE = 2, PROCMAP_QUERY_VMA_EXECUTABLE = 4;
        public const ulong PROCMAP_QUERY_VMA_SHARED = 8;
        public const ulong PROCMAP_QUERY_COVERING_OR_NEXT_VMA = 0x10, PROCMAP_QUERY_FILE_BACKED_VMA = 0x20;

        [StructLayout(LayoutKind.Sequential)]
        public struct procmap_query
        {
            public ulong size;
            public ulong query_flags;
            public ulong query_addr;
            public ulong vma_start;
            public ulong vma_end;
            public ulong vma_flags;
            public ulong vma_page_size;
            public ulong vma_offset;
            public ulong inode;
            public uint dev_major;
            public uint dev_minor;
            public uint vma_name_size;
            public uint build_id_size;
            public ulong vma_name_addr;
            public ulong build_id_addr;
        }
    }
}
