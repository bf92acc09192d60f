namespace Isthmus.Cli.Inspection;

/// <summary>A column of a table.</summary>
/// <param name="Name">What <c>-o</c> calls it; its head in capitals.</param>
/// <param name="Description">What <c>--list-columns</c> says.</param>
/// <param name="Value">What stands in it; empty for nothing.</param>
/// <param name="IsNumber">It is aligned to the right.</param>
internal sealed record Column<T>(string Name, string Description, Func<T, string> Value, bool IsNumber = false);
