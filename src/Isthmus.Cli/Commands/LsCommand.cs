using System.CommandLine;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus ls</c>: the IPC objects of the machine, and who has them.</summary>
internal static class LsCommand
{
    public static Command Create()
    {
        Argument<string[]> kinds = new("kind")
        {
            Description = $"Only these: {string.Join(", ", NodeKinds.Words.Skip(1))}.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<int?> pid = NumberOption.Create<int>("--pid", "Only what this process has.", 1, int.MaxValue);
        Option<string?> name = NamePattern.Option("objects");
        Option<bool> stale = new("--stale") { Description = "Only what stays though nobody who can be seen has it." };
        Option<bool> all = new("--all", "-a") { Description = "Also files, directories and devices that nobody shares or locks." };
        Option<bool> noRuntime = new("--no-runtime") { Description = "Leave out what the .NET runtime makes for itself in each process." };
        Option<bool> fill = new("--fill")
        {
            Description = "Also the bytes that wait in pipes; to see them, a descriptor of each is duplicated for a moment.",
        };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        ColumnTable<ObjectRow> table = ObjectColumns.Create();
        CliCommand command = new(
            "ls", "List pipes, sockets, queues, shared memory, semaphores, locks and their users. Exits with 1 when there is none.")
        {
            Examples =
            [
                "isthmus ls", "isthmus ls pipe fifo --fill", "isthmus ls --pid 1234 -o kind,name,uses", "isthmus ls lock --json",
                "isthmus ls --stale", "isthmus ls unix --name '/run/*'",
            ],
        };
        command.Add(kinds);
        foreach (Option option in (Option[])[pid, name, stale, all, noRuntime, fill, json])
        {
            command.Add(option);
        }
        table.AddTo(command);
        command.SetAction(line =>
        {
            if (table.IsListed(line))
            {
                return ExitCode.Done;
            }
            ObjectFilter filter = new(
                ObjectFilter.Kinds(line.GetValue(kinds) ?? []), line.GetValue(pid), line.GetValue(name), line.GetValue(stale), line.GetValue(all),
                line.GetValue(noRuntime));
            IReadOnlyList<Column<ObjectRow>> columns = table.Choose(line);
            SnapshotParts parts = SnapshotParts.Graph | (line.GetValue(fill) ? SnapshotParts.PipeFill : 0);
            Snapshot snapshot = Snapshot.Take(new SnapshotOptions { Parts = parts });
            return Print(snapshot, [.. filter.Select(snapshot)], columns, line.GetValue(json));
        });
        return command;
    }

    private static int Print(Snapshot snapshot, ObjectRow[] rows, IReadOnlyList<Column<ObjectRow>> columns, bool json)
    {
        int hidden = snapshot.Processes.Count(process => process.NotPermitted.HasFlag(SnapshotParts.Descriptors));
        if (json)
        {
            JsonObjectList list = new([.. rows.Select(InspectionJson.Of)], hidden, InspectionJson.Of(snapshot.Gaps));
            JsonDocument.Write(list, JsonModel.Default.JsonObjectList);
        }
        else
        {
            ColumnTable<ObjectRow>.Print(columns, rows);
            Notices.Print("isthmus ls", snapshot, hidden);
        }
        return rows.Length > 0 ? ExitCode.Done : ExitCode.No;
    }
}
