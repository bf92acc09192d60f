using System.Diagnostics;

namespace Isthmus.Native;

/// <summary>A moment on the monotonic clock, up to which a call may take. Never early, and unmoved by clock changes.</summary>
internal readonly struct Deadline
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly long _timestamp;

    private Deadline(long timestamp) => _timestamp = timestamp;

    public static Deadline Never => new(long.MaxValue);

    public bool IsNever => _timestamp == long.MaxValue;

    public bool HasPassed => !IsNever && Stopwatch.GetTimestamp() >= _timestamp;

    /// <summary>The time left, rounded up to a whole tick, zero when passed. Not for <see cref="Never"/>.</summary>
    public TimeSpan Remaining
    {
        get
        {
            Debug.Assert(!IsNever, "A deadline that never comes has no time left to tell.");
            long nanoseconds = Math.Max(0, _timestamp - Stopwatch.GetTimestamp());
            return TimeSpan.FromTicks((nanoseconds + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick);
        }
    }

    /// <summary>On <c>CLOCK_MONOTONIC</c>, for calls that take a moment and not a time left. Not for <see cref="Never"/>.</summary>
    public LibC.timespec ToTimespec()
    {
        Debug.Assert(!IsNever, "A deadline that never comes is no moment.");
        return new() { tv_sec = _timestamp / NanosecondsPerSecond, tv_nsec = _timestamp % NanosecondsPerSecond };
    }

    /// <summary>Refuses what <see cref="After"/> refuses, and does not look at the clock: for who may not need it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative and not infinite.</exception>
    public static void Check(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        }
    }

    /// <summary>The deadline <paramref name="timeout"/> from now; <see cref="Timeout.InfiniteTimeSpan"/> for never.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative and not infinite.</exception>
    public static Deadline After(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return Never;
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        Debug.Assert(Stopwatch.Frequency == NanosecondsPerSecond, "On Linux a timestamp is CLOCK_MONOTONIC in nanoseconds.");
        long now = Stopwatch.GetTimestamp();
        // Timeouts beyond the clock's range (292 years) are no timeouts.
        long ticksLeft = (long.MaxValue - now) / TimeSpan.NanosecondsPerTick;
        return timeout.Ticks >= ticksLeft ? Never : new Deadline(now + (timeout.Ticks * TimeSpan.NanosecondsPerTick));
    }
}
