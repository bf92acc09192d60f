using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.Semaphores;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus semaphore info</c>.</summary>
internal static class SemaphoreInfoCommand
{
    public static Command Create()
    {
        CliCommand command = new("info", "Tell value, mode and owner; of a System V set also who used each semaphore last, and how many wait.")
        {
            Examples = ["isthmus semaphore info /lock", "isthmus semaphore info 0xbeef --json"],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        Option<bool> json = new("--json") { Description = "Print JSON." };
        command.Add(json);
        command.SetAction(line => SemaphoreObject.Run(() => SemaphoreReport.Print(SemaphoreReport.Of(name.Get(line)), line.GetValue(json))));
        return command;
    }
}
