using Isthmus.Native;

namespace Isthmus;

/// <summary>What the kernel limits per process (<c>getrlimit(2)</c>, where each unit and effect is told).</summary>
public enum LimitedResource
{
    /// <summary>CPU time in seconds; SIGXCPU, at the hard limit SIGKILL.</summary>
    CpuTime = LibC.RLIMIT_CPU,

    /// <summary>Size of a file that it writes, in bytes; SIGXFSZ.</summary>
    FileSize = LibC.RLIMIT_FSIZE,

    /// <summary>Data segment and private writable memory, in bytes.</summary>
    DataSize = LibC.RLIMIT_DATA,

    /// <summary>Stack of the main thread, in bytes.</summary>
    StackSize = LibC.RLIMIT_STACK,

    /// <summary>Size of a core dump, in bytes; 0 for none.</summary>
    CoreSize = LibC.RLIMIT_CORE,

    /// <summary>Processes and threads of the user, all together; root is not bound.</summary>
    ProcessCount = LibC.RLIMIT_NPROC,

    /// <summary>The highest descriptor number plus one.</summary>
    DescriptorCount = LibC.RLIMIT_NOFILE,

    /// <summary>Memory locked into RAM, in bytes.</summary>
    LockedMemory = LibC.RLIMIT_MEMLOCK,

    /// <summary>Virtual memory, in bytes. Garbage-collected runtimes reserve far more than they use.</summary>
    AddressSpace = LibC.RLIMIT_AS,

    /// <summary>Queued signals of the user.</summary>
    PendingSignals = LibC.RLIMIT_SIGPENDING,

    /// <summary>Bytes in POSIX message queues of the user.</summary>
    MessageQueueBytes = LibC.RLIMIT_MSGQUEUE,

    /// <summary>How far nice may be lowered: 20 minus the limit.</summary>
    NiceCeiling = LibC.RLIMIT_NICE,

    /// <summary>The highest real-time priority.</summary>
    RealTimePriority = LibC.RLIMIT_RTPRIO,

    /// <summary>CPU time under a real-time policy without a blocking call, in microseconds.</summary>
    RealTimeCpuTime = LibC.RLIMIT_RTTIME,
}
