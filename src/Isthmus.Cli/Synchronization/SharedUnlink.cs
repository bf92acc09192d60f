using System.CommandLine;

namespace Isthmus.Cli.Synchronization;

/// <summary>The verb <c>unlink</c>, the same for all kinds of objects of Isthmus.</summary>
internal static class SharedUnlink
{
    /// <param name="noun">The kind, as it is called on the command line.</param>
    /// <param name="check">Throws when what stands at the name is of another kind, or nothing of Isthmus.</param>
    public static Command Create(string noun, Action<SharedNameInput, ParseResult> check)
    {
        CliCommand command = new("unlink", "Remove the name; those who have it open keep the object.")
        {
            Examples = [$"isthmus {noun} unlink jobs"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<bool> force = Force();
        command.Add(force);
        command.SetAction(line => Run(name.Get(line), name.Directory(line), line.GetValue(force), () => check(name, line)));
        return command;
    }

    public static Option<bool> Force() =>
        new("--force") { Description = "Remove the name of an object of Isthmus whatever its kind is, and though it cannot be read." };

    public static void Run(string name, string? directory, bool force, Action check)
    {
        if (!force)
        {
            check();
        }
        SharedObject.Unlink(name, directory);
    }
}
