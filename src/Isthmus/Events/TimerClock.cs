namespace Isthmus;

/// <summary>The clock that a <see cref="TimerFd"/> counts on. Neither moves when somebody sets the time of day.</summary>
public enum TimerClock
{
    /// <summary><c>CLOCK_MONOTONIC</c>: stands still while the machine is suspended.</summary>
    Monotonic,

    /// <summary><c>CLOCK_BOOTTIME</c>: counts the time in which the machine is suspended too.</summary>
    BootTime,
}
