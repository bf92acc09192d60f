using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sched.h
internal static partial class LibC
{
    public const int SCHED_OTHER = 0, SCHED_FIFO = 1, SCHED_RR = 2, SCHED_BATCH = 3, SCHED_IDLE = 5;
    public const int SCHED_RESET_ON_FORK = 0x40000000;
    public const int CLONE_FS = 0x200, CLONE_FILES = 0x400;

    [StructLayout(LayoutKind.Sequential)]
    public struct sched_param
    {
        public int sched_priority;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int sched_setaffinity(int tid, nuint size, void* mask);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int sched_getaffinity(int tid, nuint size, void* mask);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int sched_setscheduler(int tid, int policy, sched_param* parameters);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int sched_getscheduler(int tid);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int sched_getparam(int tid, sched_param* parameters);

    [LibraryImport(Libc)]
    public static partial int sched_getcpu();

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int unshare(int flags);
}
