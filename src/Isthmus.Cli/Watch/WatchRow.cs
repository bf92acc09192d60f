using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>A row of a table.</summary>
/// <param name="Id">The process or object that Enter opens.</param>
/// <param name="Blocking">Whether somebody is kept from going on.</param>
/// <param name="Cells">What stands in it, column by column.</param>
internal sealed record WatchRow(NodeId Id, Blocking Blocking, IReadOnlyList<WatchCell> Cells);
