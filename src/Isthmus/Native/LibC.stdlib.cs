using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

// stdlib.h: pseudoterminals
internal static partial class LibC
{
    [LibraryImport(Libc, SetLastError = true)]
    public static partial SafeFileHandle posix_openpt(int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int grantpt(SafeHandle master);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int unlockpt(SafeHandle master);

    [LibraryImport(Libc)]
    public static unsafe partial int ptsname_r(SafeHandle master, byte* buffer, nuint length);
}
