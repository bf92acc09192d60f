using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.Semaphores;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus semaphore unlink</c>.</summary>
internal static class SemaphoreUnlinkCommand
{
    public static Command Create()
    {
        CliCommand command = new("unlink", "Remove the name of a POSIX semaphore, which its users keep; or a System V set, for everybody at once.")
        {
            Examples = ["isthmus semaphore unlink /lock", "isthmus semaphore unlink 0xbeef", "isthmus semaphore unlink 32768"],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        command.SetAction(line => SemaphoreObject.Run(() => SemaphoreObject.Unlink(name.Get(line))));
        return command;
    }
}
