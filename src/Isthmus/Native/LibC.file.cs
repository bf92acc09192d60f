using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/file.h
internal static partial class LibC
{
    public const int LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8;

    [LibraryImport(Libc, EntryPoint = "flock", SetLastError = true)]
    public static partial int flock_on(SafeHandle fd, int operation);
}
