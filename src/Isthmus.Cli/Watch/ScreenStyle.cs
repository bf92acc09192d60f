namespace Isthmus.Cli.Watch;

/// <summary>How a line looks.</summary>
internal enum ScreenStyle
{
    Plain,
    Head,
    Faint,
    HeldUp,
    Stuck,
}
