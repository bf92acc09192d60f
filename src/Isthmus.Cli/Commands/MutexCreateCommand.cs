using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus mutex create</c>.</summary>
internal static class MutexCreateCommand
{
    public static Command Create()
    {
        CliCommand command = new("create", "Make a mutex; fails when the name is taken.")
        {
            Examples = ["isthmus mutex create jobs", "isthmus mutex create turns --fair", "isthmus mutex create jobs --directory /srv/shared --mode 0660"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<bool> fair = new("--fair") { Description = "Those who wait enter in turn. It costs, and while the next one is stopped, nobody enters." };
        command.Add(fair);
        SharedCreateInput how = SharedCreateInput.AddTo(command);
        command.SetAction(line => SharedMutex.Create(
            name.Get(line), name.Options(line, how.Options(line, new SharedMutexOptions { Fair = line.GetValue(fair) }))).Dispose());
        return command;
    }
}
