namespace Isthmus.Cli.Watch;

/// <summary>What stands in a cell.</summary>
/// <param name="Text">As it is printed.</param>
/// <param name="Number">What it is sorted by, in a column of numbers.</param>
internal readonly record struct WatchCell(string Text, double Number = 0);
