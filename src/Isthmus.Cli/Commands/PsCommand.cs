using System.CommandLine;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus ps</c>: the processes of the machine.</summary>
internal static class PsCommand
{
    public static Command Create()
    {
        Option<bool> tree = new("--tree") { Description = "Put children below their parents." };
        Option<int?> pid = NumberOption.Create<int>("--pid", "Only this process; with --tree, also those below it.", 1, int.MaxValue);
        Option<string?> user = UserOption.Create();
        Option<string?> name = NamePattern.Option("processes");
        Option<bool> kernel = new("--kernel") { Description = "Also the kernel's own threads." };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        ColumnTable<ProcessRow> table = ProcessColumns.Create();
        CliCommand command = new("ps", "List processes. Exits with 1 when there is none that fits.")
        {
            Examples = ["isthmus ps", "isthmus ps --tree", "isthmus ps --user www-data -o pid,state,command", "isthmus ps --name 'python*' --json"],
        };
        foreach (Option option in (Option[])[tree, pid, user, name, kernel, json])
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
            IReadOnlyList<Column<ProcessRow>> columns = table.Choose(line);
            Snapshot snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.Descriptors });
            ProcessNode[] found =
            [
                .. from process in Chosen(snapshot, line.GetValue(pid), line.GetValue(tree))
                   where (line.GetValue(kernel) || !process.IsKernelThread) && NamePattern.Fits(line.GetValue(name), process.Name)
                   where UserOption.Fits(line.GetValue(user), process)
                   select process,
            ];
            ProcessRow[] rows = [.. line.GetValue(tree) ? ProcessOrder.Tree(found) : ProcessOrder.List(found)];
            if (line.GetValue(json))
            {
                JsonProcessList list = new([.. rows.Select(row => InspectionJson.Of(row.Process, null))]);
                JsonDocument.Write(list, JsonModel.Default.JsonProcessList);
            }
            else
            {
                ColumnTable<ProcessRow>.Print(columns, rows);
            }
            return rows.Length > 0 ? ExitCode.Done : ExitCode.No;
        });
        return command;
    }

    private static IEnumerable<ProcessNode> Chosen(Snapshot snapshot, int? processId, bool withChildren)
    {
        if (processId is not { } id)
        {
            return snapshot.Processes;
        }
        if (snapshot.FindProcess(id) is not { } root)
        {
            return [];
        }
        HashSet<int> chosen = [id];
        // Parents mostly have the smaller numbers, but numbers come round: until nothing is added.
        while (withChildren && snapshot.Processes.Aggregate(false, (added, each) => (chosen.Contains(each.ParentId) && chosen.Add(each.Id)) || added))
        {
        }
        return withChildren ? snapshot.Processes.Where(each => chosen.Contains(each.Id)) : [root];
    }
}
