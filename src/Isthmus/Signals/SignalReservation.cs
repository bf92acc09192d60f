namespace Isthmus;

/// <summary>Why a signal can be neither caught, blocked nor ignored by a program.</summary>
public enum SignalReservation
{
    /// <summary>It is free.</summary>
    None,

    /// <summary>SIGKILL and SIGSTOP: the kernel lets nobody touch them.</summary>
    Kernel,

    /// <summary>A fault of the thread that runs, such as SIGSEGV: the runtime makes an exception or a crash report of it.</summary>
    Fault,

    /// <summary>SIGRTMIN: the runtime stops its threads with it for the garbage collector.</summary>
    Runtime,

    /// <summary>The real-time signal that this library interrupts its own waiting threads with.</summary>
    Isthmus,
}
