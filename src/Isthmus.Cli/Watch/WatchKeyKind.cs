namespace Isthmus.Cli.Watch;

/// <summary>Keys that <c>watch</c> knows; all others are characters.</summary>
internal enum WatchKeyKind
{
    Character,
    Enter,
    Escape,
    Backspace,
    Tab,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,

    /// <summary>A key that means nothing here.</summary>
    Other,
}
