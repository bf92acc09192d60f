namespace Isthmus.Inspection;

/// <summary>Why one thread waits, followed from holder to holder as far as can be seen.</summary>
public sealed record WaitChain
{
    /// <summary>The links; the first one is the thread that was asked about.</summary>
    public required IReadOnlyList<WaitStep> Steps { get; init; }

    /// <summary>What stands at the end.</summary>
    public required WaitEnd End { get; init; }

    /// <summary>
    /// Of a deadlock or a circle: the links that wait for each other in a circle, a part of <see cref="Steps"/>; empty for other ends. Who waits for one of
    /// them, without being part of the circle, stands before.
    /// </summary>
    public IReadOnlyList<WaitStep> Cycle { get; init; } = [];

    /// <summary>The last one: the process that all others wait for. Null when nobody was found.</summary>
    public ProcessNode? Culprit { get; init; }

    /// <summary>The whole chain in plain words, one sentence.</summary>
    public override string ToString() => WaitText.Describe(this);
}
