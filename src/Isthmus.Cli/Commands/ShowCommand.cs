using System.CommandLine;
using System.Globalization;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus show PID|OBJECT</c>: everything about one process, or one object and all its users.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        Argument<string> what = new("what") { Description = ObjectSelector.Help };
        Option<bool> noRuntime = new("--no-runtime") { Description = "Leave out what the .NET runtime makes for itself in each process." };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        CliCommand command = new(
            "show",
            "Show a process with its threads, memory, signals, objects and the peers behind them; or an object with all its users. "
            + "Exits with 1 when there is none.")
        {
            Examples =
            [
                "isthmus show 1234", "isthmus show pipe:4711", "isthmus show 1234:1", "isthmus show unix:/run/app.sock --json", "isthmus show /jobs",
                "isthmus show queue:jobs",
            ],
        };
        command.Add(what);
        command.Add(noRuntime);
        command.Add(json);
        command.SetAction(line =>
        {
            string word = line.GetRequiredValue(what);
            Snapshot snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });
            return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                ? ShowProcess(snapshot, id, line.GetValue(noRuntime), line.GetValue(json))
                : ShowObjects(snapshot, word, line.GetValue(json));
        });
        return command;
    }

    private static int ShowProcess(Snapshot snapshot, int processId, bool noRuntime, bool json)
    {
        ProcessNode process = snapshot.FindProcess(processId)
            ?? throw new CliException(string.Create(CultureInfo.InvariantCulture, $"There is no process {processId}."), ExitCode.No);
        ProcessView view = ProcessView.Of(snapshot, process, noRuntime);
        if (json)
        {
            JsonDocument.Write(view.ToJson(), JsonModel.Default.JsonProcessView);
        }
        else
        {
            ProcessReport.Print(view, Console.Out);
        }
        return ExitCode.Done;
    }

    private static int ShowObjects(Snapshot snapshot, string word, bool json)
    {
        ObjectRow[] rows = [.. ObjectSelector.Find(snapshot, word).Select(node => ObjectRow.Of(snapshot, node))];
        if (rows.Length == 0)
        {
            throw new CliException($"There is no process or object '{word}'.", ExitCode.No);
        }
        int hidden = snapshot.Processes.Count(process => process.NotPermitted.HasFlag(SnapshotParts.Descriptors));
        if (json)
        {
            JsonDocument.Write(
                new JsonObjectList([.. rows.Select(InspectionJson.Of)], hidden, InspectionJson.Of(snapshot.Gaps)), JsonModel.Default.JsonObjectList);
            return ExitCode.Done;
        }
        foreach (ObjectRow row in rows)
        {
            if (row != rows[0])
            {
                Console.WriteLine();
            }
            ObjectReport.Print(snapshot, row, Console.Out);
        }
        Notices.Print("isthmus show", snapshot, hidden);
        return ExitCode.Done;
    }
}
