namespace Isthmus.Cli.Stress;

/// <summary>How hard, and how long.</summary>
/// <param name="Kills">How many processes are killed.</param>
/// <param name="Pauses">How often one is paused.</param>
/// <param name="Duration">How long at least; kills and pauses are spread over it. Null: as long as they take.</param>
/// <param name="Seed">Of all that is random.</param>
/// <param name="Processes">How many there are at a time.</param>
/// <param name="Fault">What is to go wrong.</param>
internal sealed record StressOptions(int Kills, int Pauses, TimeSpan? Duration, int Seed, int Processes, StressFault Fault);
