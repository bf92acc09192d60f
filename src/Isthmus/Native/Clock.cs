namespace Isthmus.Native;

/// <summary>Clocks that <see cref="System.Diagnostics.Stopwatch"/> does not read.</summary>
internal static class Clock
{
    /// <summary>
    /// Since the machine started, suspension included (<c>CLOCK_BOOTTIME</c>): what /proc counts start times from.
    /// </summary>
    public static TimeSpan SinceBoot => Read(LibC.CLOCK_BOOTTIME);

    /// <summary>CPU time of the calling thread, user and system.</summary>
    public static TimeSpan ThreadCpuTime => Read(LibC.CLOCK_THREAD_CPUTIME_ID);

    /// <summary>
    /// CPU time of a process, all of its threads and those that have ended, in nanoseconds; negative when there is none of that number. Whoever has
    /// run at all has used some, so it tells whether a process ran in between: for one system call, and of everybody's processes.
    /// </summary>
    public static unsafe long ProcessCpuNanoseconds(int processId)
    {
        // What clock_getcpuclockid(3) gives, without the system call by which that makes sure. The number stands in the upper 29 bits.
        const int Scheduled = 2;
        LibC.timespec time;
        return (uint)processId < 1 << 28 && LibC.clock_gettime((~processId << 3) | Scheduled, &time) == 0 ? (time.tv_sec * 1_000_000_000) + time.tv_nsec : -1;
    }

    private static unsafe TimeSpan Read(int clock)
    {
        LibC.timespec time;
        LibC.Check(LibC.clock_gettime(clock, &time));
        return time.ToTimeSpan();
    }
}
