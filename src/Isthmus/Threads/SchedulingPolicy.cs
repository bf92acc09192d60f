using Isthmus.Native;

namespace Isthmus;

/// <summary>How the kernel chooses when a thread runs (<c>sched(7)</c>).</summary>
public enum SchedulingPolicy
{
    /// <summary>The usual one: a fair share, weighted by the nice value (<c>SCHED_OTHER</c>).</summary>
    Normal = LibC.SCHED_OTHER,

    /// <summary>
    /// Real-time: runs until it waits or one of a higher priority is ready (<c>SCHED_FIFO</c>). Needs privilege.
    /// </summary>
    Fifo = LibC.SCHED_FIFO,

    /// <summary>
    /// As <see cref="Fifo"/>, taking turns with those of the same priority (<c>SCHED_RR</c>). Needs privilege.
    /// </summary>
    RoundRobin = LibC.SCHED_RR,

    /// <summary>
    /// As <see cref="Normal"/>, for work that computes and does not mind to wait a little (<c>SCHED_BATCH</c>).
    /// </summary>
    Batch = LibC.SCHED_BATCH,

    /// <summary>Only when nothing else wants to run (<c>SCHED_IDLE</c>).</summary>
    Idle = LibC.SCHED_IDLE,
}
