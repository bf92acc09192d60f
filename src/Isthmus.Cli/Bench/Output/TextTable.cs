using Spectre.Console;

namespace Isthmus.Cli.Bench;

/// <summary>A table of words: the first column to the left, the others to the right.</summary>
internal sealed record TextTable(string Suite, string Title, string[] Columns, IReadOnlyList<string[]> Rows)
{
    /// <summary>With borders on a terminal; columns of blanks elsewhere, for other programs.</summary>
    public void Write(IAnsiConsole console)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            WritePlain(console.Profile.Out.Writer);
            return;
        }
        // Not as the table's own title, which breaks at the table's width.
        console.MarkupLineInterpolated($"[bold]{Title}[/]");
        Table table = new() { Border = TableBorder.Rounded };
        foreach ((int index, string column) in Columns.Index())
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = index == 0 ? Justify.Left : Justify.Right, NoWrap = true });
        }
        foreach (string[] row in Rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }
        console.Write(table);
        console.WriteLine();
    }

    public void WritePlain(TextWriter writer)
    {
        int[] widths = [.. Columns.Select((column, index) => Math.Max(column.Length, Rows.Max(row => row[index].Length)))];
        writer.WriteLine(Title);
        foreach (string[] row in Rows.Prepend(Columns))
        {
            writer.WriteLine(string.Join("  ", row.Select((cell, index) => index == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[index]))).TrimEnd());
        }
        writer.WriteLine();
    }
}
