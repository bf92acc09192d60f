namespace Isthmus.Tests.Explorer;

/// <summary>What is explored of a primitive, under each memory model.</summary>
/// <param name="Name">Of the primitive.</param>
/// <param name="Whole">Small enough for all that can happen: two participants, two operations each, a death.</param>
/// <param name="Sampled">More participants, more deaths: by chance, some in each test run, a million in <c>Isthmus.Stress</c>.</param>
internal sealed record Suite(string Name, Scenario[] Whole, Scenario[] Sampled)
{
    /// <summary>How many states of each whole a test run has time for. <c>Isthmus.Stress</c> has time for all.</summary>
    public int StatesMax { get; init; } = 100_000;
}
