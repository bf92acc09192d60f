using Isthmus.Cli.Watch;
using Isthmus.Inspection;

namespace Isthmus.Cli.Tests.Watch;

/// <summary>What is drawn fits the terminal, whatever that is, and keys choose among what is there.</summary>
public sealed class WatchScreenTests
{
    private static readonly TerminalSize s_size = new(120, 20);

    private readonly WatchModel _model;
    private readonly WatchState _state = new(WatchView.Processes);

    public WatchScreenTests()
    {
        RateMeter meter = new(readsProcesses: true);
        SnapshotOptions everything = new() { Parts = SnapshotParts.All };
        meter.Advance(Snapshot.Take(everything));
        Snapshot snapshot = Snapshot.Take(everything);
        _model = WatchModel.Of(snapshot, meter.Advance(snapshot), WatchFilter.Everything with { All = true });
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 2)]
    [InlineData(80, 24)]
    [InlineData(400, 200)]
    public void A_screen_is_as_large_as_the_terminal(ushort columns, ushort rows)
    {
        TerminalSize size = new(columns, rows);
        // The tables, one of them empty, a report, and the help.
        foreach (string keys in (string[])["", "\t", "/no such thing\r", "\e\r", "?"])
        {
            Press(keys, size);
            IReadOnlyList<ScreenLine> lines = WatchScreen.Draw(_model, _state, size, [.. Enumerable.Repeat(new string('x', 500), 300)]);
            Assert.InRange(lines.Count, 1, Math.Max((int)rows, 2));
            Assert.All(lines, line => Assert.True(line.Text.Length <= columns));
            Assert.DoesNotContain(lines, line => line.Text.Any(char.IsControl));
        }
    }

    [Fact]
    public void A_chosen_row_is_always_seen_and_stays_chosen_when_it_moves()
    {
        Press("\e[F", s_size);
        ScreenLine chosen = Assert.Single(Draw(), line => line.IsChosen);
        Assert.Equal(_state.RowsOf(_model)[^1].Id.Text, chosen.Text.TrimStart().Split(' ')[0]);
        // The last one comes first.
        Press("r", s_size);
        Assert.Equal(chosen.Text.Trim(), Assert.Single(Draw(), line => line.IsChosen).Text.Trim());
        Press("\e[H", s_size);
        Press("\e[6~\e[6~\e[B\e[A", s_size);
        Assert.Single(Draw(), line => line.IsChosen);
    }

    [Fact]
    public void Numbers_are_sorted_from_the_largest_and_names_from_the_first()
    {
        Assert.True(_state.TrySortBy("pid"));
        int[] numbers = [.. _state.RowsOf(_model).Select(row => int.Parse(row.Cells[0].Text, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(numbers.OrderDescending(), numbers);
        Press("r", s_size);
        Assert.Equal(Enumerable.Reverse(numbers), _state.RowsOf(_model).Select(row => (int)row.Cells[0].Number));
        Assert.True(_state.TrySortBy("command"));
        Assert.False(_state.TrySortBy("colour"));
        Press("r", s_size);
        string[] names = [.. _state.RowsOf(_model).Select(row => row.Cells[^1].Text)];
        Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
    }

    [Fact]
    public void Only_who_fits_the_filter_is_seen_until_it_is_cleared()
    {
        int all = _state.RowsOf(_model).Count;
        string self = _model.Snapshot.FindProcess(Environment.ProcessId)!.Name;
        Press("/" + self.ToUpperInvariant(), s_size);
        Assert.True(_state.IsTyping);
        Assert.Contains(_state.RowsOf(_model), row => row.Id.Number == (ulong)Environment.ProcessId);
        Assert.InRange(_state.RowsOf(_model).Count, 1, all);
        Assert.Contains(Draw(), line => line.Text.StartsWith($"filter: {self.ToUpperInvariant()}", StringComparison.Ordinal));
        // Also what would end it is a letter now.
        Press("q", s_size);
        Assert.Empty(_state.RowsOf(_model));
        Press("\e", s_size);
        Assert.Equal(all, _state.RowsOf(_model).Count);
    }

    [Fact]
    public void A_report_is_scrolled_to_its_end_and_no_further()
    {
        Press("\r", s_size);
        string[] report = [.. Enumerable.Range(1, 100).Select(number => $"line {number}")];
        Press("\e[F", s_size);
        IReadOnlyList<ScreenLine> lines = WatchScreen.Draw(_model, _state, s_size, report);
        Assert.Equal("line 100", lines[^2].Text);
        Press("\e[A", s_size);
        Assert.Equal("line 99", WatchScreen.Draw(_model, _state, s_size, report)[^2].Text);
        Press("\e[H", s_size);
        Assert.Equal("line 1", WatchScreen.Draw(_model, _state, s_size, report)[1].Text);
    }

    [Fact]
    public void Q_ends_it_wherever_one_is()
    {
        foreach (string keys in (string[])["", "\t", "\r", "?"])
        {
            WatchState state = new(WatchView.Processes);
            foreach (WatchKey key in new WatchKeys().Read(System.Text.Encoding.UTF8.GetBytes(keys)))
            {
                Assert.True(state.Press(key, _model, 10));
            }
            Assert.False(state.Press(WatchKey.Of('q'), _model, 10));
        }
    }

    private IReadOnlyList<ScreenLine> Draw() => WatchScreen.Draw(_model, _state, s_size, []);

    private void Press(string keys, TerminalSize size)
    {
        foreach (WatchKey key in new WatchKeys().Read(System.Text.Encoding.UTF8.GetBytes(keys)))
        {
            Assert.True(_state.Press(key, _model, WatchScreen.PageOf(_model, _state, size)));
        }
    }
}
