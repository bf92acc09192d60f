using System.CommandLine;
using System.Globalization;
using Isthmus.Cli.Clean;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus clean</c>: what is left over, with the proof that nobody uses it; removed when asked for.</summary>
internal static class CleanCommand
{
    private const string Proved = "left over", Unprovable = "unprovable", Removed = "removed", InUse = "in use", Refused = "refused";

    public static Command Create()
    {
        Argument<string[]> kinds = new("kind")
        {
            Description = $"Only these: {string.Join(", ", LeftoverCatalog.Words)}.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> apply = new("--apply") { Description = "Remove what is proved to be left over. Without it nothing is changed." };
        Option<string?> name = NamePattern.Option("objects");
        Option<bool> json = new("--json") { Description = "Print JSON." };
        CliCommand command = new(
            "clean",
            "List objects that nobody has any more, each with the proof, and remove them when asked to. Nothing is judged by its age, and what "
            + "cannot be proved is told and never removed. Exits with 1 when nothing is left over, and 3 when something could not be removed.")
        {
            Examples = ["isthmus clean", "isthmus clean posix-shm unix", "isthmus clean sysv-shm --apply", "isthmus clean --json"],
        };
        command.Add(kinds);
        foreach (Option option in (Option[])[apply, name, json])
        {
            command.Add(option);
        }
        command.SetAction(line =>
        {
            Snapshot snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.Graph });
            (Leftover Found, string State, string Reason)[] rows =
            [
                .. from found in LeftoverCatalog.Find(snapshot, line.GetValue(kinds) ?? [])
                   where NamePattern.Fits(line.GetValue(name), found.Name)
                   let outcome = Apply(found, line.GetValue(apply))
                   select (found, outcome.State, outcome.Reason),
            ];
            Print(rows, line.GetValue(json));
            return rows.Any(row => row.State == Refused) ? ExitCode.System : rows.Length > 0 ? ExitCode.Done : ExitCode.No;
        });
        return command;
    }

    private static (string State, string Reason) Apply(Leftover found, bool apply)
    {
        if (found.Remove is null || !apply)
        {
            return (found.IsProved ? Proved : Unprovable, found.Reason);
        }
        try
        {
            return found.Remove() ? (Removed, found.Reason) : (InUse, "somebody has it since");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (Refused, error.Message);
        }
    }

    private static void Print((Leftover Found, string State, string Reason)[] rows, bool json)
    {
        if (json)
        {
            JsonDocument.Write(
                new JsonLeftovers([.. rows.Select(row => new JsonLeftover(
                    row.Found.Kind.ToWord(), row.Found.Name, row.Found.UserId, row.Found.Size, row.State.Replace(' ', '_'), row.Reason))]),
                JsonModel.Default.JsonLeftovers);
            return;
        }
        ColumnTable<(Leftover Found, string State, string Reason)>.Print(
            [
                new("state", "", row => row.State),
                new("kind", "", row => row.Found.Kind.ToWord()),
                new("name", "", row => row.Found.Name),
                new("owner", "", row => row.Found.UserId is { } user ? UserNames.Of(user) : ""),
                new("size", "", row => row.Found.Size?.ToString(CultureInfo.InvariantCulture) ?? "", IsNumber: true),
                new("reason", "", row => row.Reason),
            ],
            rows);
    }
}
