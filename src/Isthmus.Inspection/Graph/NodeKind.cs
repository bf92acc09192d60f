namespace Isthmus.Inspection;

/// <summary>What a node of the graph is: a process, or one of the kernel's objects that processes share.</summary>
public enum NodeKind
{
    /// <summary>A process.</summary>
    Process,

    /// <summary>A pipe without a name (<c>pipe(2)</c>).</summary>
    Pipe,

    /// <summary>A pipe with a name (<c>fifo(7)</c>).</summary>
    Fifo,

    /// <summary>A Unix socket of any type: with a path, with an abstract name, or unnamed (<c>unix(7)</c>).</summary>
    UnixSocket,

    /// <summary>A TCP socket (<c>tcp(7)</c>).</summary>
    TcpSocket,

    /// <summary>A UDP socket (<c>udp(7)</c>).</summary>
    UdpSocket,

    /// <summary>A socket of another family, or one that the kernel does not tell about: netlink, packet, another network namespace's.</summary>
    OtherSocket,

    /// <summary>A POSIX message queue (<c>mq_overview(7)</c>).</summary>
    PosixMessageQueue,

    /// <summary>A System V message queue (<c>sysvipc(7)</c>).</summary>
    SystemVMessageQueue,

    /// <summary>POSIX shared memory: a file in <c>/dev/shm</c> (<c>shm_overview(7)</c>).</summary>
    PosixSharedMemory,

    /// <summary>A System V shared memory segment.</summary>
    SystemVSharedMemory,

    /// <summary>Memory without a name that a descriptor stands for (<c>memfd_create(2)</c>).</summary>
    MemFd,

    /// <summary>Memory without a name or descriptor that a process shares with its children (<c>MAP_SHARED|MAP_ANONYMOUS</c>).</summary>
    AnonymousSharedMemory,

    /// <summary>
    /// An object of Isthmus in shared memory (<c>SharedMutex</c> and its like): its segment, with those who take part.
    /// </summary>
    Segment,

    /// <summary>A POSIX semaphore: a file <c>/dev/shm/sem.*</c> (<c>sem_overview(7)</c>).</summary>
    PosixSemaphore,

    /// <summary>A set of System V semaphores.</summary>
    SystemVSemaphoreSet,

    /// <summary>A lock or lease on a file, with all who hold it.</summary>
    FileLock,

    /// <summary>A regular file that is open or mapped.</summary>
    File,

    /// <summary>An open directory.</summary>
    Directory,

    /// <summary>An open device.</summary>
    Device,

    /// <summary>A pseudoterminal, both of its sides (<c>pty(7)</c>).</summary>
    PseudoTerminal,

    /// <summary>A counter that can be waited for (<c>eventfd(2)</c>).</summary>
    EventFd,

    /// <summary>Signals that are read (<c>signalfd(2)</c>).</summary>
    SignalFd,

    /// <summary>A timer that is read (<c>timerfd_create(2)</c>).</summary>
    TimerFd,

    /// <summary>A set of descriptors that are waited for (<c>epoll(7)</c>).</summary>
    Epoll,

    /// <summary>A watch over files (<c>inotify(7)</c>).</summary>
    Inotify,

    /// <summary>A descriptor of a process (<c>pidfd_open(2)</c>).</summary>
    PidFd,

    /// <summary>A descriptor of something else that has no name: io_uring, perf events, BPF, …</summary>
    OtherDescriptor,
}
