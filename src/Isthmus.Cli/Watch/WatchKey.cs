namespace Isthmus.Cli.Watch;

/// <summary>A key that was pressed.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Character">Of a character, which one.</param>
internal readonly record struct WatchKey(WatchKeyKind Kind, char Character = '\0')
{
    public static WatchKey Of(char character) => new(WatchKeyKind.Character, character);
}
