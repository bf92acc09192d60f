using Isthmus.Native;

namespace Isthmus;

/// <summary>The clock that a <see cref="PosixTimer"/> counts on (<c>clock_gettime(2)</c>).</summary>
public enum PosixTimerClock
{
    /// <summary><c>CLOCK_MONOTONIC</c>: stands still while the machine is suspended.</summary>
    Monotonic = LibC.CLOCK_MONOTONIC,

    /// <summary><c>CLOCK_BOOTTIME</c>: counts the time in which the machine is suspended too.</summary>
    BootTime = LibC.CLOCK_BOOTTIME,

    /// <summary><c>CLOCK_REALTIME</c>: the time of day, which somebody may set.</summary>
    RealTime = LibC.CLOCK_REALTIME,

    /// <summary><c>CLOCK_PROCESS_CPUTIME_ID</c>: the CPU time of all threads of this process.</summary>
    ProcessCpuTime = LibC.CLOCK_PROCESS_CPUTIME_ID,

    /// <summary><c>CLOCK_THREAD_CPUTIME_ID</c>: the CPU time of the thread that makes the timer.</summary>
    ThreadCpuTime = LibC.CLOCK_THREAD_CPUTIME_ID,
}
