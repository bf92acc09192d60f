using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.SharedMemory;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus shm unlink</c>.</summary>
internal static class ShmUnlinkCommand
{
    public static Command Create()
    {
        CliCommand command = new("unlink", "Remove the name, or the System V segment; whoever has the memory mapped keeps it.")
        {
            Examples = ["isthmus shm unlink /table", "isthmus shm unlink 0xbeef", "isthmus shm unlink 32768"],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        command.SetAction(line => SharedMemoryObject.Unlink(name.Get(line)));
        return command;
    }
}
