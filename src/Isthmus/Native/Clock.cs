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

    private static unsafe TimeSpan Read(int clock)
    {
        LibC.timespec time;
        LibC.Check(LibC.clock_gettime(clock, &time));
        return time.ToTimeSpan();
    }
}
