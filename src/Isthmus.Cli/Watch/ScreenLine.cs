namespace Isthmus.Cli.Watch;

/// <summary>A line of the screen.</summary>
/// <param name="Text">What stands in it, as long as it likes: what does not fit is cut off.</param>
/// <param name="Style">How it looks.</param>
/// <param name="IsChosen">It is the row that is chosen.</param>
internal sealed record ScreenLine(string Text, ScreenStyle Style = ScreenStyle.Plain, bool IsChosen = false);
