using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/resource.h
internal static partial class LibC
{
    public const ulong RLIM_INFINITY = ulong.MaxValue;
    public const int RLIMIT_CPU = 0, RLIMIT_FSIZE = 1, RLIMIT_DATA = 2, RLIMIT_STACK = 3, RLIMIT_CORE = 4, RLIMIT_RSS = 5;
    public const int RLIMIT_NPROC = 6, RLIMIT_NOFILE = 7, RLIMIT_MEMLOCK = 8, RLIMIT_AS = 9, RLIMIT_LOCKS = 10;
    public const int RLIMIT_SIGPENDING = 11, RLIMIT_MSGQUEUE = 12, RLIMIT_NICE = 13, RLIMIT_RTPRIO = 14, RLIMIT_RTTIME = 15;
    public const int PRIO_PROCESS = 0;
    public const int RUSAGE_SELF = 0, RUSAGE_CHILDREN = -1, RUSAGE_THREAD = 1;

    [StructLayout(LayoutKind.Sequential)]
    public struct timeval
    {
        public long tv_sec;
        public long tv_usec;

        /// <summary>Rounded up, so that a time is never shorter.</summary>
        public static timeval FromTimeSpan(TimeSpan value)
        {
            long microseconds = (value.Ticks + TimeSpan.TicksPerMicrosecond - 1) / TimeSpan.TicksPerMicrosecond;
            return new timeval { tv_sec = microseconds / 1_000_000, tv_usec = microseconds % 1_000_000 };
        }

        public readonly TimeSpan ToTimeSpan() =>
            TimeSpan.FromTicks((tv_sec * TimeSpan.TicksPerSecond) + (tv_usec * TimeSpan.TicksPerMicrosecond));
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct rusage
    {
        public timeval ru_utime;
        public timeval ru_stime;
        public long ru_maxrss;
        public long ru_ixrss;
        public long ru_idrss;
        public long ru_isrss;
        public long ru_minflt;
        public long ru_majflt;
        public long ru_nswap;
        public long ru_inblock;
        public long ru_oublock;
        public long ru_msgsnd;
        public long ru_msgrcv;
        public long ru_nsignals;
        public long ru_nvcsw;
        public long ru_nivcsw;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct rlimit
    {
        public ulong rlim_cur;
        public ulong rlim_max;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int getrusage(int who, rusage* usage);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int prlimit(int pid, int resource, rlimit* newLimit, rlimit* oldLimit);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int getpriority(int which, int who);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int setpriority(int which, int who, int priority);
}
