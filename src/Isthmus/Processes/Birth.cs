using System.Diagnostics;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The moment just before a child is started.</summary>
/// <param name="Timestamp">As <see cref="Stopwatch"/> reads it.</param>
/// <param name="BootTick">As <c>/proc/PID/stat</c> tells start times: hundredths of a second since boot.</param>
internal readonly record struct Birth(long Timestamp, long BootTick)
{
    // USER_HZ, which is 100 on x86-64 and arm64 whatever the kernel's own tick.
    private const long TimeSpanTicksPerTick = TimeSpan.TicksPerSecond / 100;

    public static Birth Now => new(Stopwatch.GetTimestamp(), CurrentTick);

    private static long CurrentTick => Clock.SinceBoot.Ticks / TimeSpanTicksPerTick;

    /// <summary>
    /// The start time of a child that was born after this moment and before now: known, without a look into /proc, when no tick
    /// has begun in between. That look costs more than it seems: the kernel builds the process's directory for it, and takes
    /// it down while the child ends.
    /// </summary>
    public bool TryGetStartTime(out long startTime)
    {
        startTime = BootTick;
        return CurrentTick == BootTick;
    }
}
