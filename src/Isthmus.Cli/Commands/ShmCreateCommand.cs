using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.SharedMemory;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus shm create</c>.</summary>
internal static class ShmCreateCommand
{
    public static Command Create()
    {
        CliCommand command = new("create", "Make shared memory of zeros; fails when the name is taken. Prints the id of a System V segment.")
        {
            Examples =
            [
                "isthmus shm create /table --size 1M", "isthmus shm create 0xbeef --size 4096 --mode 0660", "isthmus shm create 0x0 --size 4K",
            ],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        Option<long?> size = ByteSize.Option("--size", "How many bytes; allocated now.", least: 1);
        size.Required = true;
        Option<UnixFileMode?> mode = FileModeOption.Create();
        command.Add(size);
        command.Add(mode);
        command.SetAction(line =>
        {
            if (SharedMemoryObject.Create(name.Get(line), line.GetRequiredValue(size)!.Value, line.GetValue(mode) ?? FileModeOption.OwnerOnly) is { } id)
            {
                Console.WriteLine(id);
            }
        });
        return command;
    }
}
