using System.CommandLine;
using Isthmus.Cli.Channels;
using Isthmus.Cli.Inspection;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus channel ls</c>.</summary>
internal static class ChannelLsCommand
{
    public static Command Create()
    {
        CliCommand command = new("ls", "List channels, who takes part, and how full they are; nobody is disturbed. Exits with 1 when there is none.")
        {
            Examples =
            [
                "isthmus channel ls", "isthmus channel ls --all -o name,kind,state", "isthmus channel ls --stale", "isthmus channel ls --interval 1s",
                "isthmus channel ls --json",
            ],
        };
        SharedPlaceInput place = SharedPlaceInput.AddTo(command);
        ChannelSelection selection = ChannelSelection.AddTo(command);
        Option<bool> stale = new("--stale") { Description = "Only those in which nobody takes part, which is proved." };
        Option<TimeSpan?> interval = Duration.Option("--interval", "Look twice, so far apart, and tell what was written a second.");
        Option<bool> json = new("--json") { Description = "Print JSON." };
        ColumnTable<ChannelRow> table = ChannelRow.Table();
        command.Add(stale);
        command.Add(interval);
        command.Add(json);
        table.AddTo(command);
        command.SetAction(async (line, interrupted) =>
        {
            if (table.IsListed(line))
            {
                return ExitCode.Done;
            }
            IReadOnlyList<Column<ChannelRow>> columns = table.Choose(line);
            SharedObjectOptions options = place.Options(line, new SharedObjectOptions());
            ChannelRow[] rows = await ChannelRow.ReadAsync(() => selection.List(line, options), line.GetValue(interval), interrupted);
            return Print([.. rows.Where(row => !line.GetValue(stale) || row.Object.IsStale)], columns, line.GetValue(json));
        });
        return command;
    }

    private static int Print(ChannelRow[] rows, IReadOnlyList<Column<ChannelRow>> columns, bool json)
    {
        if (json)
        {
            JsonDocument.Write(new JsonChannelList([.. rows.Select(JsonChannel.Of)]), JsonModel.Default.JsonChannelList);
        }
        else if (rows.Length > 0)
        {
            ColumnTable<ChannelRow>.Print(columns, rows);
        }
        return rows.Length > 0 ? ExitCode.Done : ExitCode.No;
    }
}
