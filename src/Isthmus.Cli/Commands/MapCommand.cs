using System.CommandLine;
using Isthmus.Cli.Inspection;
using Isthmus.Cli.Map;
using Isthmus.Inspection;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus map</c>: who talks to whom, as text, as a graph for other programs, or as a drawing.</summary>
internal static class MapCommand
{
    private const string Text = "text", Dot = "dot", Json = "json", Svg = "svg";

    public static Command Create()
    {
        Argument<int[]> pids = new("pid")
        {
            Description = "Where to begin; without one, with all processes.",
            Arity = ArgumentArity.ZeroOrMore,
            Validators = { ProcessNumber.Validate },
        };
        Option<int?> depth = NumberOption.Create<int>("--depth", "How many processes away from those to go; 1 unless told.", 0, 1000);
        Option<string> format = new("--format") { Description = "text, dot (for Graphviz), json or svg.", DefaultValueFactory = _ => Text };
        format.AcceptOnlyFromAmong(Text, Dot, Json, Svg);
        Option<bool> all = new("--all", "-a") { Description = "Also objects that only one process has, and those of the .NET runtime." };
        Option<bool> fill = new("--fill")
        {
            Description = "Also the bytes that wait in pipes; to see them, a descriptor of each is duplicated for a moment.",
        };
        Option<TimeSpan?> interval = Duration.Option(
            "--interval", "Look twice, so far apart, and tell what passes in a second through TCP connections and channels of Isthmus.");
        Option<bool> json = new("--json") { Description = "As --format json." };
        CliCommand command = new(
            "map",
            "Draw who talks to whom, and who waits for whom; a line is as thick as what it leads to is full or busy. Exits with 1 when nobody does.")
        {
            Examples =
            [
                "isthmus map", "isthmus map 1234 --depth 2", "isthmus map --format dot | dot -Tpng > map.png", "isthmus map 1234 --format svg > map.svg",
                "isthmus map --interval 1s --fill --format svg > map.svg",
            ],
        };
        command.Add(pids);
        foreach (Option option in (Option[])[depth, format, all, fill, interval, json])
        {
            command.Add(option);
        }
        command.SetAction(async (line, interrupted) =>
        {
            SnapshotOptions what = new() { Parts = SnapshotParts.All | (line.GetValue(fill) ? SnapshotParts.PipeFill : 0) };
            RateMeter meter = new(readsProcesses: false);
            if (line.GetValue(interval) is { } apart)
            {
                meter.Advance(Snapshot.Take(what));
                await Task.Delay(apart, interrupted);
            }
            Snapshot snapshot = Snapshot.Take(what);
            MapGraph graph = MapBuilder.Build(
                snapshot, meter.Advance(snapshot), new MapOptions(line.GetValue(pids) ?? [], line.GetValue(depth) ?? 1, line.GetValue(all)));
            Print(graph, snapshot, line.GetValue(json) ? Json : line.GetRequiredValue(format));
            return graph.Edges.Count > 0 ? ExitCode.Done : ExitCode.No;
        });
        return command;
    }

    private static void Print(MapGraph graph, Snapshot snapshot, string format)
    {
        int hidden = snapshot.Processes.Count(process => process.NotPermitted.HasFlag(SnapshotParts.Descriptors));
        switch (format)
        {
            case Dot:
                Console.Write(MapDot.Format(graph));
                break;
            case Svg:
                Console.Write(MapSvg.Format(graph));
                break;
            case Json:
                JsonDocument.Write(InspectionJson.Of(graph, hidden), JsonModel.Default.JsonMap);
                return;
            default:
                Console.Write(MapText.Format(graph));
                break;
        }
        Notices.Print("isthmus map", snapshot, hidden);
    }
}
