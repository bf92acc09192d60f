namespace Isthmus.Cli.Watch;

/// <summary>Which of the two tables is seen.</summary>
internal enum WatchView
{
    Processes,
    Edges,
}
