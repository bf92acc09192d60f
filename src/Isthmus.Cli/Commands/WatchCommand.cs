using System.CommandLine;
using System.Globalization;
using Isthmus.Cli.Inspection;
using Isthmus.Cli.Watch;
using Isthmus.Inspection;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus watch</c>: processes and what they talk by, live in the terminal.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(50);

    private static readonly Argument<string[]> s_kinds = new("kind")
    {
        Description = $"Only edges of these kinds: {string.Join(", ", NodeKinds.Words.Skip(1))}.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int?> s_pid = NumberOption.Create<int>("--pid", "Only this process, and those it talks to.", 1, int.MaxValue);

    private static readonly Option<string?> s_user = UserOption.Create();

    private static readonly Option<string?> s_name = NamePattern.Option("processes, and edges of which the object or a user has a name,");

    private static readonly Option<bool> s_all = new("--all", "-a")
    {
        Description = "Also objects that only one process has, and those of the .NET runtime.",
    };

    private static readonly Option<bool> s_fill = new("--fill")
    {
        Description = "Also the bytes that wait in pipes; to see them, a descriptor of each is duplicated for a moment.",
    };

    private static readonly Option<TimeSpan?> s_interval = Duration.Option("--interval", "From one look to the next; 1s unless given, at least 50ms.");

    private static readonly Option<int?> s_count = NumberOption.Create<int>("--count", "End after so many looks.", 1, int.MaxValue);

    private static readonly Option<bool> s_once = new("--once") { Description = "Print one look as text, with the rates of one interval, and end." };

    private static readonly Option<string?> s_sort = new("--sort")
    {
        Description = "Sort by this column: " + string.Join(", ", Columns()) + ".",
        HelpName = "column",
    };

    private static readonly Option<bool> s_json = new("--json") { Description = "Print each look as one line of JSON." };

    public static Command Create()
    {
        CliCommand command = new(
            "watch",
            "Watch processes and what they talk by: who works, what moves, what fills up, and who is blocked by whom. ? shows the keys, q quits. "
            + "When it is not used in a terminal it prints look after look.")
        {
            Examples =
            [
                "isthmus watch", "isthmus watch lock segment", "isthmus watch --pid 1234 --interval 250ms", "isthmus watch --once --sort rate",
                "isthmus watch --json --count 60 > minute.json",
            ],
            TakesSignals = true,
            Arguments = { s_kinds },
            Options = { s_pid, s_user, s_name, s_all, s_fill, s_interval, s_count, s_once, s_sort, s_json },
        };
        command.Validators.Add(line =>
        {
            if (line.GetResult(s_once) is not null && line.GetResult(s_count) is not null)
            {
                line.AddError("Give either --once or --count.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static Task<int> RunAsync(ParseResult line, CancellationToken interrupted)
    {
        if (line.GetValue(s_interval) < s_shortest)
        {
            throw new CliException("--interval is at least 50ms.");
        }
        HashSet<NodeKind> kinds = ObjectFilter.Kinds(line.GetValue(s_kinds) ?? []);
        WatchOptions options = new(
            new WatchFilter(kinds, line.GetValue(s_pid), line.GetValue(s_user), line.GetValue(s_name), line.GetValue(s_all)),
            line.GetValue(s_interval) ?? TimeSpan.FromSeconds(1),
            line.GetValue(s_once) ? 1 : line.GetValue(s_count),
            line.GetValue(s_fill),
            line.GetValue(s_json));
        WatchState state = new(kinds.Count > 0 ? WatchView.Edges : WatchView.Processes);
        if (line.GetValue(s_sort) is { } column && !state.TrySortBy(column))
        {
            throw new CliException($"There is no column '{column}'. There are: {string.Join(", ", Columns())}.");
        }
        if (line.GetValue(s_pid) is { } pid && Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.None, ProcessIds = [pid] }).Processes.Count == 0)
        {
            throw new CliException(string.Create(CultureInfo.InvariantCulture, $"There is no process {pid}."), ExitCode.No);
        }
        SnapshotOptions what = new() { Parts = SnapshotParts.All | (options.ReadsPipes ? SnapshotParts.PipeFill : 0) };
        Snapshot? last = null;
        return WatchTerminal.IsThere && !options.Json && !line.GetValue(s_once)
            ? WatchLoop.RunAsync(options, state, Take)
            : new WatchBatch(options, state, Take).RunAsync(interrupted);

        // Of who has not run since, hardly anything is read again.
        Snapshot Take() => last = last?.Refresh() ?? Snapshot.Take(what);
    }

    private static IEnumerable<string> Columns() =>
        Enum.GetValues<WatchView>().SelectMany(WatchTables.HeadsOf).Select(head => head.Name).Distinct();
}
