namespace Isthmus.Inspection;

/// <summary>What stands at the end of a chain of waits.</summary>
public enum WaitEnd
{
    /// <summary>The last one runs, or is ready to: nobody is stuck, it only takes long.</summary>
    Runs,

    /// <summary>The chain closes: each waits for the next, and none will ever go on.</summary>
    Deadlock,

    /// <summary>
    /// The chain closes by way of what no thread shows: each process waits for the next, and nothing of it that can be seen goes on. It is a deadlock unless
    /// another part of one of them lets go, or gives up.
    /// </summary>
    Circle,

    /// <summary>The last one was stopped by a signal or a debugger.</summary>
    Stopped,

    /// <summary>The last one lets time pass.</summary>
    Sleeps,

    /// <summary>The last one waits for something from outside: a connection, the network, a terminal, a signal, whoever sends next.</summary>
    Outside,

    /// <summary>Nobody who can be seen has the other end, or holds what is waited for.</summary>
    NobodySeen,

    /// <summary>The last one may not be looked at (<c>ptrace(2)</c>, ptrace_scope).</summary>
    NotPermitted,

    /// <summary>The last one waits for something whose owner cannot be told, such as a word in memory.</summary>
    Unknown,

    /// <summary>The last one has ended and was not reaped yet.</summary>
    Ended,

    /// <summary>The last one waits for a mutex whose owner has ended and left it locked: none will ever go on.</summary>
    OwnerEnded,
}
