namespace Isthmus.Inspection;

/// <summary>One link in a chain of waits: who waits, for what, and who could end it.</summary>
public sealed record WaitStep
{
    /// <summary>The process that waits.</summary>
    public required ProcessNode Process { get; init; }

    /// <summary>Its thread that waits; null when its threads could not be read, or it awaits the object without one.</summary>
    public required ThreadNode? Thread { get; init; }

    /// <summary>
    /// The object that it waits for, one of several where any of them would do; null when it waits for none, or for a process or a thread.
    /// </summary>
    public required ObjectNode? Object { get; init; }

    /// <summary>How it waits for the object; null when it waits for none.</summary>
    public required WaitTarget? Target { get; init; }

    /// <summary>Who could end the wait; the first one is the next link of the chain.</summary>
    public required IReadOnlyList<WaitHolder> Holders { get; init; }
}
