namespace Isthmus.Cli.Map;

/// <summary>What is to be on the map.</summary>
/// <param name="ProcessIds">Where it begins; empty for all processes.</param>
/// <param name="Depth">How many processes away from those it ends.</param>
/// <param name="All">Also what leads nowhere: objects that only one process has, and those of the .NET runtime.</param>
internal sealed record MapOptions(IReadOnlyList<int> ProcessIds, int Depth, bool All);
