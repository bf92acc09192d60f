using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

// sys/timerfd.h
internal static partial class LibC
{
    public const int TFD_NONBLOCK = 0x800, TFD_CLOEXEC = 0x80000, TFD_TIMER_ABSTIME = 1;

    [LibraryImport(Libc, SetLastError = true)]
    public static partial SafeFileHandle timerfd_create(int clock, int flags);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int timerfd_settime(SafeHandle fd, int flags, itimerspec* newValue, itimerspec* oldValue);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int timerfd_gettime(SafeHandle fd, itimerspec* value);
}
