using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.SharedMemory;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus shm info</c>: what is known of shared memory without opening it.</summary>
internal static class ShmInfoCommand
{
    public static Command Create()
    {
        CliCommand command = new("info", "Tell size, mode and owner; of System V memory also how often it is attached, and by whom last.")
        {
            Examples = ["isthmus shm info /table", "isthmus shm info 0xbeef --json"],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        Option<bool> json = new("--json") { Description = "Print JSON." };
        command.Add(json);
        command.SetAction(line => SharedMemoryReport.Print(SharedMemoryObject.Stat(name.Get(line)), line.GetValue(json)));
        return command;
    }
}
