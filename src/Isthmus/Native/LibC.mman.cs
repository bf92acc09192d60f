using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

// sys/mman.h
internal static partial class LibC
{
    public const int PROT_NONE = 0, PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4;
    public const int MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20, MAP_NORESERVE = 0x4000;
    public const int MADV_NORMAL = 0, MADV_RANDOM = 1, MADV_SEQUENTIAL = 2, MADV_WILLNEED = 3, MADV_DONTNEED = 4;
    public const int MADV_DONTFORK = 10, MADV_DOFORK = 11, MADV_HUGEPAGE = 14, MADV_NOHUGEPAGE = 15, MADV_DONTDUMP = 16, MADV_DODUMP = 17;
    public const int MADV_COLD = 20, MADV_PAGEOUT = 21, MADV_POPULATE_READ = 22, MADV_POPULATE_WRITE = 23;
    public const int MS_SYNC = 4;
    public const uint MLOCK_ONFAULT = 1;
    public const uint MFD_CLOEXEC = 1, MFD_ALLOW_SEALING = 2, MFD_HUGETLB = 4;
    public const nint MAP_FAILED = -1;

    /// <summary>Where the logarithm of the huge page's size stands: in the flags of mmap, of memfd_create and of shmget alike.</summary>
    public const int MAP_HUGE_SHIFT = 26;

    /// <summary>Flags of memfd_create since kernel 6.3.</summary>
    internal static class Memfd
    {
        public const uint MFD_NOEXEC_SEAL = 8, MFD_EXEC = 16;
    }

    [LibraryImport(Libc, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle memfd_create(string name, uint flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial nint mmap(nint address, nuint length, int protection, int flags, SafeHandle fd, long offset);

    /// <summary>For memory that no file stands behind: the descriptor is -1.</summary>
    [LibraryImport(Libc, SetLastError = true)]
    public static partial nint mmap(nint address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int mprotect(nint address, nuint length, int protection);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int munmap(nint address, nuint length);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int madvise(nint address, nuint length, int advice);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int msync(nint address, nuint length, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int mlock2(nint address, nuint length, uint flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int munlock(nint address, nuint length);
}
