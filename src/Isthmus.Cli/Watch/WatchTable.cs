namespace Isthmus.Cli.Watch;

/// <summary>A table of one kind of rows: what stands in it, in the order in which the model tells it.</summary>
internal sealed record WatchTable(IReadOnlyList<WatchHead> Heads, IReadOnlyList<WatchRow> Rows)
{
    /// <summary>The rows that hold a text, sorted; the order of equal ones stays.</summary>
    public IReadOnlyList<WatchRow> Select(string filter, bool onlyBlocked, int sortedBy, bool reversed)
    {
        IEnumerable<WatchRow> fitting = Rows.Where(row =>
            (!onlyBlocked || row.Blocking != Blocking.None)
            && (filter.Length == 0 || row.Cells.Any(cell => cell.Text.Contains(filter, StringComparison.OrdinalIgnoreCase))));
        Comparison<WatchRow> compare = Heads[sortedBy].IsNumber
            ? (one, other) => one.Cells[sortedBy].Number.CompareTo(other.Cells[sortedBy].Number)
            : (one, other) => string.Compare(one.Cells[sortedBy].Text, other.Cells[sortedBy].Text, StringComparison.OrdinalIgnoreCase);
        Comparer<WatchRow> order = Comparer<WatchRow>.Create(compare);
        // The largest numbers are what one looks for, and the first names.
        return Heads[sortedBy].IsNumber != reversed
            ? [.. fitting.OrderDescending(order)]
            : [.. fitting.Order(order)];
    }
}
