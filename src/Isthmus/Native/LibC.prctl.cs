using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/prctl.h
internal static partial class LibC
{
    public const int PR_GET_DUMPABLE = 3, PR_SET_DUMPABLE = 4, PR_SET_NAME = 15, PR_GET_NAME = 16;
    public const int PR_SET_CHILD_SUBREAPER = 36, PR_GET_CHILD_SUBREAPER = 37, PR_SET_NO_NEW_PRIVS = 38;

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int prctl(int option, out int value, nint b = 0, nint c = 0, nint d = 0);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int prctl(int option, nint a, nint b = 0, nint c = 0, nint d = 0);
}
