namespace Isthmus;

/// <summary>The size of a terminal.</summary>
/// <param name="Columns">Characters in a line.</param>
/// <param name="Rows">Lines.</param>
public readonly record struct TerminalSize(ushort Columns, ushort Rows)
{
    /// <summary>80 columns, 24 rows.</summary>
    public static TerminalSize Default { get; } = new(80, 24);
}
