namespace Isthmus;

/// <summary>Who or what made a signal: <c>si_code</c> by its name (<c>sigaction(2)</c>).</summary>
public enum SignalOrigin
{
    /// <summary><c>SI_USER</c>: <c>kill(2)</c>, or a pidfd.</summary>
    User,

    /// <summary><c>SI_TKILL</c>: sent to a thread (<c>tgkill(2)</c>, <c>raise(3)</c>).</summary>
    Thread,

    /// <summary><c>SI_QUEUE</c>: <c>sigqueue(3)</c>, with a value.</summary>
    Queue,

    /// <summary><c>SI_TIMER</c>: a <see cref="PosixTimer"/>, with its value.</summary>
    Timer,

    /// <summary><c>SI_MESGQ</c>: a message came to an empty POSIX message queue, with a value.</summary>
    MessageQueue,

    /// <summary><c>SI_ASYNCIO</c>: POSIX asynchronous I/O, with a value.</summary>
    AsynchronousIO,

    /// <summary><c>SI_KERNEL</c>: the kernel itself, such as Ctrl+C on the terminal, or an interval timer.</summary>
    Kernel,

    /// <summary><c>CLD_EXITED</c>: a child has exited.</summary>
    ChildExited,

    /// <summary><c>CLD_KILLED</c>: a child was ended by a signal.</summary>
    ChildKilled,

    /// <summary><c>CLD_DUMPED</c>: a child was ended by a signal and dumped core.</summary>
    ChildDumped,

    /// <summary><c>CLD_TRAPPED</c>: a child that is traced has stopped.</summary>
    ChildTrapped,

    /// <summary><c>CLD_STOPPED</c>: a child was stopped.</summary>
    ChildStopped,

    /// <summary><c>CLD_CONTINUED</c>: a child goes on.</summary>
    ChildContinued,

    /// <summary>Something else: see <see cref="SignalInfo.Code"/>.</summary>
    Other,
}
