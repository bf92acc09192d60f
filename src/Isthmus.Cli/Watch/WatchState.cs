using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>What who watches has chosen to see. Keys change it, looks do not: the row that is chosen stays so wherever it moves to.</summary>
internal sealed class WatchState(WatchView view)
{
    // The column that says who is blocked.
    private const int Blocked = 2;

    private readonly int[] _sortedBy = [Blocked, Blocked];
    private readonly bool[] _reversed = new bool[2];
    private readonly NodeId?[] _chosen = new NodeId?[2];
    private readonly int[] _tops = new int[2];

    public WatchView View { get; private set; } = view;

    /// <summary>Only rows that hold this text.</summary>
    public string Filter { get; private set; } = "";

    /// <summary>The filter is being typed.</summary>
    public bool IsTyping { get; private set; }

    public bool OnlyBlocked { get; private set; }

    /// <summary>No looks are taken.</summary>
    public bool IsPaused { get; private set; }

    public bool ShowsHelp { get; private set; }

    /// <summary>Of what everything is shown; null for the tables.</summary>
    public NodeId? Opened { get; private set; }

    /// <summary>The first line of that which is seen.</summary>
    public int OpenedTop { get; private set; }

    public int SortedBy => _sortedBy[(int)View];

    public bool IsReversed => _reversed[(int)View];

    /// <summary>Sorts a table by a column of that name, in both tables that have it.</summary>
    public bool TrySortBy(string name)
    {
        bool isKnown = false;
        foreach (WatchView view in Enum.GetValues<WatchView>())
        {
            foreach ((int index, WatchHead head) in WatchTables.HeadsOf(view).Index())
            {
                if (string.Equals(head.Name, name, StringComparison.OrdinalIgnoreCase))
                {
                    _sortedBy[(int)view] = index;
                    isKnown = true;
                }
            }
        }
        return isKnown;
    }

    /// <summary>The rows of the table that is seen.</summary>
    public IReadOnlyList<WatchRow> RowsOf(WatchModel model) => RowsOf(model, View);

    /// <summary>The rows of one of the tables.</summary>
    public IReadOnlyList<WatchRow> RowsOf(WatchModel model, WatchView view) =>
        WatchTables.Of(model, view).Select(Filter, OnlyBlocked, _sortedBy[(int)view], _reversed[(int)view]);

    /// <summary>Which row is chosen, and which is the first one on a page that holds so many; the first is moved so that the chosen is seen.</summary>
    public (int Chosen, int Top) Place(IReadOnlyList<WatchRow> rows, int page)
    {
        int chosen = ChosenIn(rows);
        int top = Math.Clamp(_tops[(int)View], Math.Max(chosen - page + 1, 0), Math.Max(chosen, 0));
        top = Math.Max(Math.Min(top, rows.Count - page), 0);
        _tops[(int)View] = top;
        return (chosen, top);
    }

    /// <summary>Answers a key; false when it ends the command.</summary>
    /// <param name="key">The key.</param>
    /// <param name="model">What is seen.</param>
    /// <param name="page">How many lines a page has.</param>
    public bool Press(WatchKey key, WatchModel model, int page)
    {
        if (IsTyping)
        {
            Type(key);
            return true;
        }
        if (key == WatchKey.Of('q'))
        {
            return false;
        }
        if (ShowsHelp)
        {
            ShowsHelp = false;
        }
        else if (Opened is not null)
        {
            PressOpened(key, page);
        }
        else
        {
            PressTable(key, model, page);
        }
        return true;
    }

    private int ChosenIn(IReadOnlyList<WatchRow> rows)
    {
        for (int index = 0; index < rows.Count; index++)
        {
            if (rows[index].Id == _chosen[(int)View])
            {
                return index;
            }
        }
        return rows.Count == 0 ? -1 : 0;
    }

    private void Type(WatchKey key)
    {
        switch (key.Kind)
        {
            case WatchKeyKind.Enter:
                IsTyping = false;
                break;
            case WatchKeyKind.Escape:
                IsTyping = false;
                Filter = "";
                break;
            case WatchKeyKind.Backspace when Filter.Length > 0:
                Filter = Filter[..^1];
                break;
            case WatchKeyKind.Character:
                Filter += key.Character;
                break;
        }
    }

    private void PressOpened(WatchKey key, int page)
    {
        switch (key)
        {
            case { Kind: WatchKeyKind.Escape or WatchKeyKind.Backspace or WatchKeyKind.Left }:
                Opened = null;
                break;
            case { Character: '?' or 'h' }:
                ShowsHelp = true;
                break;
            case { Character: ' ' }:
                IsPaused = !IsPaused;
                break;
            default:
                OpenedTop = Math.Max(key.Kind == WatchKeyKind.Home ? 0 : Moved(OpenedTop, key, page, int.MaxValue / 2), 0);
                break;
        }
    }

    /// <summary>Says how long the report of what is opened is, so that nobody scrolls past its end.</summary>
    public void EndAt(int lines, int page) => OpenedTop = Math.Clamp(OpenedTop, 0, Math.Max(lines - page, 0));

    private void PressTable(WatchKey key, WatchModel model, int page)
    {
        switch (key)
        {
            case { Kind: WatchKeyKind.Tab }:
                View = 1 - View;
                break;
            case { Kind: WatchKeyKind.Enter or WatchKeyKind.Right }:
                IReadOnlyList<WatchRow> rows = RowsOf(model);
                Opened = ChosenIn(rows) is >= 0 and var chosen ? rows[chosen].Id : null;
                OpenedTop = 0;
                break;
            case { Kind: WatchKeyKind.Escape }:
                (Filter, OnlyBlocked) = ("", false);
                break;
            case { Kind: WatchKeyKind.Character }:
                PressCharacter(key, model, page);
                break;
            default:
                Move(key, model, page);
                break;
        }
    }

    private void PressCharacter(WatchKey key, WatchModel model, int page)
    {
        int columns = WatchTables.HeadsOf(View).Count;
        switch (key.Character)
        {
            case '?' or 'h':
                ShowsHelp = true;
                break;
            case '/':
                IsTyping = true;
                break;
            case 's' or '>':
                _sortedBy[(int)View] = (SortedBy + 1) % columns;
                break;
            case 'S' or '<':
                _sortedBy[(int)View] = (SortedBy + columns - 1) % columns;
                break;
            case 'r':
                _reversed[(int)View] = !IsReversed;
                break;
            case 'b':
                OnlyBlocked = !OnlyBlocked;
                break;
            case ' ':
                IsPaused = !IsPaused;
                break;
            case 'k' or 'j':
                Move(new WatchKey(key.Character == 'k' ? WatchKeyKind.Up : WatchKeyKind.Down), model, page);
                break;
        }
    }

    private void Move(WatchKey key, WatchModel model, int page)
    {
        IReadOnlyList<WatchRow> rows = RowsOf(model);
        if (rows.Count > 0)
        {
            _chosen[(int)View] = rows[Math.Clamp(Moved(ChosenIn(rows), key, page, rows.Count - 1), 0, rows.Count - 1)].Id;
        }
    }

    private static int Moved(int from, WatchKey key, int page, int last) => key switch
    {
        { Kind: WatchKeyKind.Up } or { Character: 'k' } => from - 1,
        { Kind: WatchKeyKind.Down } or { Character: 'j' } => from + 1,
        { Kind: WatchKeyKind.PageUp } => from - page,
        { Kind: WatchKeyKind.PageDown } => from + page,
        { Kind: WatchKeyKind.Home } => 0,
        { Kind: WatchKeyKind.End } => last,
        _ => from,
    };
}
