using System.Runtime.InteropServices;

namespace Isthmus.Native;

// time.h
internal static partial class LibC
{
    public const int CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1, CLOCK_PROCESS_CPUTIME_ID = 2, CLOCK_THREAD_CPUTIME_ID = 3, CLOCK_BOOTTIME = 7;

    [StructLayout(LayoutKind.Sequential)]
    public struct timespec
    {
        public long tv_sec;
        public long tv_nsec;

        public static timespec FromTimeSpan(TimeSpan value) => new()
        {
            tv_sec = value.Ticks / TimeSpan.TicksPerSecond,
            tv_nsec = value.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };

        public readonly TimeSpan ToTimeSpan() =>
            TimeSpan.FromTicks((tv_sec * TimeSpan.TicksPerSecond) + (tv_nsec / TimeSpan.NanosecondsPerTick));
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct itimerspec
    {
        public timespec it_interval;
        public timespec it_value;
    }

    public const int TIMER_ABSTIME = 1;

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int timer_create(int clock, sigevent* notification, nint* timer);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int timer_settime(SafeHandle timer, int flags, itimerspec* value, itimerspec* old);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int timer_gettime(SafeHandle timer, itimerspec* value);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int timer_getoverrun(SafeHandle timer);

    [LibraryImport(Libc, SetLastError = true)]
    public static partial int timer_delete(nint timer);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int clock_gettime(int clock, timespec* time);
}
