namespace Isthmus.Tests.Explorer;

/// <summary>What a thread does: instructions, once or several times.</summary>
/// <param name="Name">For the trace.</param>
/// <param name="Instructions">In turn.</param>
internal sealed record Routine(string Name, params Instruction[] Instructions)
{
    /// <summary>How often.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>How its thread waits: <see cref="Waiters.Sleepers"/> or <see cref="Waiters.Bells"/>.</summary>
    public Waiters Waiters { get; init; } = Waiters.Sleepers;
}
