namespace Isthmus.Tests.Explorer;

/// <summary>A subject, who uses it, and what may happen to them.</summary>
/// <param name="Subject">What is used.</param>
/// <param name="Participants">
/// For each slot the routines of its threads; one more thread of each recovers the dead. A slot without routines is empty until the occupant takes it.
/// </param>
internal sealed record Scenario(Subject Subject, params Routine[][] Participants)
{
    /// <summary>How many participants may be killed.</summary>
    public int Crashes { get; init; }

    /// <summary>What the next occupant of a slot does after the recovery of its former one; null: nobody takes a slot.</summary>
    public Routine? Occupant { get; init; }

    /// <summary>Whether sleepers wake for no reason.</summary>
    public bool HasSpuriousWakes { get; init; } = true;

    /// <summary>How often a thread that would wait looks again before.</summary>
    public int Spins { get; init; }

    /// <summary>How memory behaves.</summary>
    public MemoryOrder Order { get; init; }

    /// <summary>How often a thread may be interrupted that could go on; null: as often as it takes.</summary>
    public int? PreemptionsMax { get; init; }
}
