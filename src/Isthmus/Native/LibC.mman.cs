using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

// sys/mman.h
internal static partial class LibC
{
    public const int PROT_NONE = 0, PROT_READ = 1, PROT_WRITE = 2;
    public const int MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20;
    public const int MADV_DONTFORK = 10, MADV_POPULATE_WRITE = 23;
    public const uint MFD_CLOEXEC = 1, MFD_ALLOW_SEALING = 2;
    public const nint MAP_FAILED = -1;

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle memfd_create(string name, uint flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial nint mmap(nint address, nuint length, int protection, int flags, SafeHandle fd, long offset);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int munmap(nint address, nuint length);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int madvise(nint address, nuint length, int advice);
}
