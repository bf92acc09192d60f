using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus event create</c>.</summary>
internal static class EventCreateCommand
{
    public static Command Create()
    {
        CliCommand command = new("create", "Make an event; fails when the name is taken.")
        {
            Examples = ["isthmus event create work", "isthmus event create ready --manual --set"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<bool> manual = new("--manual") { Description = "All who wait go on, until it is reset. By default one goes on, and resets it by that." };
        Option<bool> set = new("--set") { Description = "It is set from the beginning." };
        command.Add(manual);
        command.Add(set);
        SharedCreateInput how = SharedCreateInput.AddTo(command);
        command.SetAction(line => SharedEvent.Create(
            name.Get(line),
            line.GetValue(manual) ? EventResetMode.ManualReset : EventResetMode.AutoReset,
            name.Options(line, how.Options(line, new SharedEventOptions { IsSet = line.GetValue(set) }))).Dispose());
        return command;
    }
}
