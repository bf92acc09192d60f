namespace Isthmus;

/// <summary>What a thread is doing, as the kernel sees it (field 3 of <c>proc_pid_stat(5)</c>).</summary>
public enum ThreadRunState
{
    /// <summary>A state that this library does not know.</summary>
    Other,

    /// <summary>R: on a CPU, or ready and waiting for one.</summary>
    Running,

    /// <summary>S: waits, and a signal would wake it.</summary>
    Sleeping,

    /// <summary>D: waits in the kernel, mostly for a disk; not even SIGKILL ends that.</summary>
    UninterruptibleSleep,

    /// <summary>T: stopped by a signal.</summary>
    Stopped,

    /// <summary>t: held by a debugger.</summary>
    Traced,

    /// <summary>Z: ended, and not reaped yet.</summary>
    Zombie,

    /// <summary>X: just being taken away.</summary>
    Dead,

    /// <summary>I: an idle thread of the kernel.</summary>
    Idle,
}
