using System.CommandLine;
using Isthmus.Cli.Channels;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus channel clean</c>.</summary>
internal static class ChannelCleanCommand
{
    public static Command Create()
    {
        CliCommand command = new(
            "clean", "Tell which channels nobody uses, and with --apply remove them; what they hold is lost. Exits with 1 when there is none.")
        {
            Examples = ["isthmus channel clean", "isthmus channel clean --apply", "isthmus channel clean --all --apply"],
        };
        SharedPlaceInput place = SharedPlaceInput.AddTo(command);
        ChannelSelection selection = ChannelSelection.AddTo(command);
        Option<bool> apply = new("--apply")
        {
            Description = "Remove them. Each is proved once more to be unused, with all others kept from opening it meanwhile.",
        };
        command.Add(apply);
        command.SetAction(line =>
        {
            SharedObjectOptions options = place.Options(line, new SharedObjectOptions());
            ChannelRow[] stale = [.. from entry in selection.List(line, options) where entry.Object.IsStale select new ChannelRow(entry, null)];
            foreach (ChannelRow row in stale)
            {
                Console.WriteLine($"{(line.GetValue(apply) ? Remove(row, options) : "would remove")} {row.Object.Kind} '{row.Object.Name}'{row.Content}");
            }
            return stale.Length > 0 ? ExitCode.Done : ExitCode.No;
        });
        return command;
    }

    private static string Remove(ChannelRow row, SharedObjectOptions options)
    {
        try
        {
            return SharedObject.TryUnlinkStale(row.Object.Name, options) ? "removed" : "kept, somebody has just opened it:";
        }
        catch (FileNotFoundException)
        {
            return "gone already:";
        }
    }
}
