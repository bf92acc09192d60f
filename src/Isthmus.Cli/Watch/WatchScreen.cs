using System.Globalization;
using System.Text;
using Isthmus.Cli.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>Draws what is watched as lines of text: a pure function of the model, the choices and the size.</summary>
internal static class WatchScreen
{
    private const int StuckMax = 3;

    // What is wider is cut, but for the last column.
    private const int WidthMax = 36;

    private static readonly string[] s_help =
    [
        "Tab            processes, or the edges between them: what they talk or exclude each other by",
        "Up Down j k    choose a row; PageUp, PageDown, Home, End",
        "Enter, Right   everything about the row, as 'isthmus show' prints it; Esc, Left: back",
        "/              filter: only rows that hold the text; Enter keeps it, Esc clears it",
        "b              only rows in which somebody is blocked",
        "s S            sort by the next column, or the one before; r: the other way round",
        "Space          pause, and go on",
        "q, Ctrl+C      quit",
        "",
        "read, written  what the process reads and writes by read(2), write(2) and their like, in a second",
        "rate           of TCP connections and of the channels of Isthmus: nobody counts the others",
        "held up        somebody waits for a lock, a semaphore or an object of Isthmus",
        "stuck          somebody waits and will not go on by himself: a deadlock, or he waits for one who is stopped",
    ];

    /// <summary>How many rows of a table, or lines of a report, there is room for.</summary>
    public static int PageOf(WatchModel model, WatchState state, TerminalSize size) =>
        Math.Max(size.Rows - 2 - (state.Opened is not null || state.ShowsHelp ? 0 : 1 + StuckLines(model, size).Count()), 1);

    /// <param name="model">What is watched.</param>
    /// <param name="state">What is seen of it.</param>
    /// <param name="size">Of the terminal.</param>
    /// <param name="report">Of what is opened.</param>
    public static IReadOnlyList<ScreenLine> Draw(WatchModel model, WatchState state, TerminalSize size, IReadOnlyList<string> report)
    {
        int page = PageOf(model, state, size);
        ScreenLine[] lines =
        [
            new(TitleOf(model, state), ScreenStyle.Head),
            .. state switch
            {
                { ShowsHelp: true } => s_help.Select(line => new ScreenLine(line)),
                { Opened: not null } => Report(state, report, page),
                _ => [.. StuckLines(model, size), .. Table(model, state, page)],
            },
        ];
        // The last line stays at the bottom.
        IEnumerable<ScreenLine> empty = Enumerable.Repeat(new ScreenLine(""), Math.Max(size.Rows - 1 - lines.Length, 0));
        ScreenLine foot = new(FootOf(state), ScreenStyle.Faint);
        return [.. lines.Take(Math.Max(size.Rows - 1, 1)).Concat(empty).Append(foot).Select(line => Cut(line, size))];
    }

    /// <summary>A table, or some rows of it, as plain lines, each as long as it is. Columns are as wide as all rows want them, so that they stay.</summary>
    public static IEnumerable<string> Lines(
        IReadOnlyList<WatchHead> heads, IReadOnlyList<WatchRow> rows, int sortedBy = -1, bool reversed = false, int first = 0, int count = int.MaxValue)
    {
        string mark = sortedBy >= 0 && heads[sortedBy].IsNumber != reversed ? "▾" : "▴";
        string[] names = [.. heads.Select((head, index) => head.Name.ToUpperInvariant() + (index == sortedBy ? mark : ""))];
        int[] widths = [.. heads.Select((_, index) => rows.Select(row => row.Cells[index].Text.Length).Append(names[index].Length).Max())];
        widths = [.. widths.Select(width => Math.Min(width, WidthMax))];
        yield return Join(heads, widths, names);
        foreach (WatchRow row in rows.Skip(first).Take(count))
        {
            yield return Join(heads, widths, [.. row.Cells.Select(cell => cell.Text)]);
        }
    }

    public static string TitleOf(WatchModel model, WatchState state)
    {
        string rates = model.Rates.Between > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $"rates of {model.Rates.Between.TotalSeconds:F1} s")
            : "no rates yet";
        string counts = string.Create(
            CultureInfo.InvariantCulture, $"{model.Processes.Count} processes, {model.Edges.Count} edges, {model.Stuck.Count} stuck");
        string look = string.Create(CultureInfo.InvariantCulture, $"a look takes {model.Snapshot.Duration.TotalMilliseconds:F0} ms");
        string hidden = model.Hidden > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {model.Hidden} not permitted") : "";
        return $"isthmus watch: {counts}; {rates}, {look}{hidden}{(state.IsPaused ? "; paused" : "")}";
    }

    private static string FootOf(WatchState state) => state switch
    {
        { IsTyping: true } => $"filter: {state.Filter}_   Enter keeps it, Esc clears it",
        { ShowsHelp: true } => "any key: back   q quit",
        { Opened: not null } => "Esc back   Up Down scroll   Space pause   ? help   q quit",
        _ => $"Tab {(state.View == WatchView.Processes ? "edges" : "processes")}   Enter show   / filter   b blocked   s sort   r reverse   "
            + "Space pause   ? help   q quit"
            + (state.Filter.Length > 0 ? $"   [filter: {state.Filter}]" : "") + (state.OnlyBlocked ? "   [only blocked]" : ""),
    };

    private static IEnumerable<ScreenLine> StuckLines(WatchModel model, TerminalSize size)
    {
        int room = Math.Min(StuckMax, size.Rows / 5);
        return model.Stuck.Take(room).Select((chain, index) => new ScreenLine(
            index == room - 1 && model.Stuck.Count > room
                ? string.Create(CultureInfo.InvariantCulture, $"and {model.Stuck.Count - room + 1} more who are stuck")
                : Printable.Of(chain.ToString()),
            ScreenStyle.Stuck));
    }

    private static IEnumerable<ScreenLine> Report(WatchState state, IReadOnlyList<string> report, int page)
    {
        state.EndAt(report.Count, page);
        return report.Skip(state.OpenedTop).Take(page).Select(line => new ScreenLine(line));
    }

    private static IEnumerable<ScreenLine> Table(WatchModel model, WatchState state, int page)
    {
        IReadOnlyList<WatchRow> rows = state.RowsOf(model);
        (int chosen, int top) = state.Place(rows, page);
        string[] lines = [.. Lines(WatchTables.HeadsOf(state.View), rows, state.SortedBy, state.IsReversed, top, page)];
        yield return new ScreenLine(lines[0], ScreenStyle.Head);
        for (int index = top; index < Math.Min(top + page, rows.Count); index++)
        {
            ScreenStyle style = rows[index].Blocking switch
            {
                Blocking.Stuck => ScreenStyle.Stuck,
                Blocking.HeldUp => ScreenStyle.HeldUp,
                _ => ScreenStyle.Plain,
            };
            yield return new ScreenLine(lines[index - top + 1], style, index == chosen);
        }
        if (rows.Count == 0)
        {
            yield return new ScreenLine(state.OnlyBlocked ? "Nobody is blocked." : "There is nothing that fits.", ScreenStyle.Faint);
        }
    }

    private static string Join(IReadOnlyList<WatchHead> heads, int[] widths, string[] cells)
    {
        StringBuilder text = new();
        for (int index = 0; index < cells.Length; index++)
        {
            bool isLast = index == cells.Length - 1;
            string cell = isLast || cells[index].Length <= widths[index] ? cells[index] : string.Concat(cells[index].AsSpan(0, widths[index] - 1), "…");
            text.Append(heads[index].IsNumber ? cell.PadLeft(widths[index]) : isLast ? cell : cell.PadRight(widths[index])).Append(isLast ? "" : "  ");
        }
        return text.ToString();
    }

    // Bars reach across the whole line.
    private static ScreenLine Cut(ScreenLine line, TerminalSize size) => line with
    {
        Text = (line.Style == ScreenStyle.Head || line.IsChosen ? line.Text.PadRight(size.Columns) : line.Text) is var text && text.Length > size.Columns
            ? text[..size.Columns]
            : text,
    };
}
