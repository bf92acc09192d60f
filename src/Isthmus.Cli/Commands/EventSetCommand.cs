using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus event set</c>.</summary>
internal static class EventSetCommand
{
    public static Command Create()
    {
        CliCommand command = new("set", "Set an event: one who waits goes on; of a manual one, all.") { Examples = ["isthmus event set ready"] };
        SharedNameInput name = SharedNameInput.AddTo(command);
        command.SetAction(line =>
        {
            using SharedEvent given = SharedEvent.Open(name.Get(line), name.Options(line, new SharedObjectOptions()));
            given.Set();
        });
        return command;
    }
}
