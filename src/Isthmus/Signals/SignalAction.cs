namespace Isthmus;

/// <summary>What the kernel does with a signal that has the disposition <see cref="SignalDisposition.Default"/> (<c>signal(7)</c>).</summary>
public enum SignalAction
{
    /// <summary>Ends the process.</summary>
    Terminate,

    /// <summary>Ends the process and dumps core, as far as RLIMIT_CORE allows.</summary>
    CoreDump,

    /// <summary>Nothing.</summary>
    Ignore,

    /// <summary>Stops the process.</summary>
    Stop,

    /// <summary>Lets the process go on when it is stopped.</summary>
    Continue,
}
