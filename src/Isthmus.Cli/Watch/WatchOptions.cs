namespace Isthmus.Cli.Watch;

/// <summary>What <c>isthmus watch</c> was asked for.</summary>
/// <param name="Filter">Which processes and edges.</param>
/// <param name="Interval">From one look to the next.</param>
/// <param name="Count">After how many looks it ends; null for never.</param>
/// <param name="ReadsPipes">Also how full pipes are.</param>
/// <param name="Json">Each look as one line of JSON.</param>
internal sealed record WatchOptions(WatchFilter Filter, TimeSpan Interval, int? Count, bool ReadsPipes, bool Json);
