namespace Isthmus.Inspection;

/// <summary>What a thread waits for.</summary>
public enum WaitKind
{
    /// <summary>Nothing: it runs, or is ready to.</summary>
    None,

    /// <summary>It waits in a way that is not told apart here; see <see cref="ThreadWait.Call"/> and <see cref="ThreadWait.Channel"/>.</summary>
    Other,

    /// <summary>It may not be looked at: <c>/proc/PID/syscall</c> needs the right to trace the process (<c>ptrace(2)</c>, ptrace_scope).</summary>
    NotPermitted,

    /// <summary>For data to read.</summary>
    Read,

    /// <summary>For room to write.</summary>
    Write,

    /// <summary>For a connection to come in.</summary>
    Accept,

    /// <summary>For its connection to be taken.</summary>
    Connect,

    /// <summary>For the other end of a FIFO to be opened.</summary>
    OpenFifo,

    /// <summary>For the first of several descriptors (<c>poll</c>, <c>select</c>, <c>epoll</c>).</summary>
    Poll,

    /// <summary>For a lock on a file.</summary>
    FileLock,

    /// <summary>For a mutex whose owner could be told.</summary>
    Mutex,

    /// <summary>For an object of Isthmus in shared memory.</summary>
    Segment,

    /// <summary>For a word in memory to change, in a way that names no owner: a condition, a semaphore, an event, a runtime's own lock.</summary>
    Futex,

    /// <summary>For a thread of its process to end.</summary>
    ThreadEnd,

    /// <summary>For a child process to end or to change its state.</summary>
    Child,

    /// <summary>For a child process to start its program, or to end (<c>vfork(2)</c>): it has the memory of its parent until then.</summary>
    ProgramStart,

    /// <summary>For a signal.</summary>
    Signal,

    /// <summary>For time to pass.</summary>
    Time,

    /// <summary>For a message in a queue.</summary>
    Receive,

    /// <summary>For room in a queue.</summary>
    Send,

    /// <summary>For a System V semaphore.</summary>
    Semaphore,

    /// <summary>It was stopped by a signal or a debugger, whatever it did before.</summary>
    Stopped,

    /// <summary>It has ended and waits to be reaped.</summary>
    Zombie,
}
