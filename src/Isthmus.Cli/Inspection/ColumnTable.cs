using System.CommandLine;
using System.Text;

namespace Isthmus.Cli.Inspection;

/// <summary>Prints rows in columns of one's choice: the options <c>-o</c> and <c>--list-columns</c>.</summary>
/// <param name="columns">All there are.</param>
/// <param name="usual">The names of those that are printed when nobody asks.</param>
internal sealed class ColumnTable<T>(IReadOnlyList<Column<T>> columns, string usual)
{
    private readonly IReadOnlyList<Column<T>> _columns = columns;
    private readonly string _usual = usual;

    public Option<string?> Chosen { get; } = new("--output", "-o")
    {
        Description = "The columns to print, separated by commas; +COLUMN adds to the usual ones.",
        HelpName = "columns",
    };

    public Option<bool> List { get; } = new("--list-columns") { Description = "List the columns that there are." };

    public void AddTo(Command command)
    {
        command.Add(Chosen);
        command.Add(List);
    }

    /// <summary>True when only the list of columns was asked for.</summary>
    public bool IsListed(ParseResult line)
    {
        if (!line.GetValue(List))
        {
            return false;
        }
        foreach (Column<T> column in _columns)
        {
            Console.WriteLine($"{column.Name,-10} {column.Description}");
        }
        return true;
    }

    /// <summary>The chosen columns, each once.</summary>
    /// <exception cref="CliException">There is no such column.</exception>
    public IReadOnlyList<Column<T>> Choose(ParseResult line)
    {
        string text = line.GetValue(Chosen) ?? _usual;
        string names = text.StartsWith('+') ? _usual + "," + text[1..] : text;
        return [.. names.Split(',').Select(Find).Distinct()];
    }

    public static void Print(IReadOnlyList<Column<T>> columns, IEnumerable<T> rows)
    {
        string[][] cells = [[.. columns.Select(column => column.Name.ToUpperInvariant())], .. rows.Select(row => Cells(columns, row))];
        int[] widths = [.. columns.Select((_, index) => cells.Max(row => row[index].Length))];
        foreach (string[] row in cells)
        {
            StringBuilder text = new();
            for (int index = 0; index < row.Length; index++)
            {
                text.Append(columns[index].IsNumber ? row[index].PadLeft(widths[index]) : row[index].PadRight(widths[index])).Append("  ");
            }
            Console.WriteLine(text.ToString().TrimEnd());
        }
    }

    private Column<T> Find(string name) => _columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new CliException($"There is no column '{name}': see --list-columns.");

    private static string[] Cells(IReadOnlyList<Column<T>> columns, T row) => [.. columns.Select(column => Printable.Of(column.Value(row)))];
}
