using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus event reset</c>.</summary>
internal static class EventResetCommand
{
    public static Command Create()
    {
        CliCommand command = new("reset", "Reset an event: who comes from now on waits.") { Examples = ["isthmus event reset ready"] };
        SharedNameInput name = SharedNameInput.AddTo(command);
        command.SetAction(line =>
        {
            using SharedEvent given = SharedEvent.Open(name.Get(line), name.Options(line, new SharedObjectOptions()));
            given.Reset();
        });
        return command;
    }
}
