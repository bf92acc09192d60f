using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/uio.h
internal static partial class LibC
{
    public const int RWF_NOWAIT = 8;

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct iovec
    {
        public void* iov_base;
        public nuint iov_len;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint preadv2(SafeHandle fd, iovec* vectors, int count, long offset, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial nint pwritev2(SafeHandle fd, iovec* vectors, int count, long offset, int flags);
}
