namespace Isthmus.Inspection;

/// <summary>A thread as a snapshot saw it.</summary>
public sealed record ThreadNode
{
    /// <summary>Its number; the main thread's is the process's.</summary>
    public required int Id { get; init; }

    /// <summary>Its name, at most 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>What it was doing.</summary>
    public required ThreadRunState State { get; init; }

    /// <summary>CPU time in user mode, in steps of the clock tick (mostly 10 ms).</summary>
    public required TimeSpan UserTime { get; init; }

    /// <summary>CPU time in the kernel, in steps of the clock tick.</summary>
    public required TimeSpan SystemTime { get; init; }

    /// <summary>The CPU that it ran on last.</summary>
    public required int LastCpu { get; init; }

    /// <summary>
    /// It belongs to the .NET runtime or to Isthmus, and runs none of the program's code: the finalizer's, the signal handler's, the event loop.
    /// </summary>
    public bool IsRuntime { get; init; }

    /// <summary>Where it waits.</summary>
    public required ThreadWait Wait { get; init; }
}
