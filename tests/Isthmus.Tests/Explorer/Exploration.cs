namespace Isthmus.Tests.Explorer;

/// <summary>What came out of an exploration.</summary>
/// <param name="Violation">The first thing that did not hold; null: all did.</param>
/// <param name="States">How many different ones were reached; 0 when nobody counted.</param>
/// <param name="Moves">How many were made.</param>
/// <param name="Ends">How often a world came to rest.</param>
/// <param name="IsComplete">Whether nothing is left to try.</param>
internal sealed record Exploration(Violation? Violation, long States, long Moves, long Ends, bool IsComplete);
