using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.Semaphores;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus semaphore unlink</c>.</summary>
internal static class SemaphoreUnlinkCommand
{
    public static Command Create()
    {
        CliCommand command = new("unlink", "Remove the name of a semaphore, which its users keep; or a System V set, for everybody at once.")
        {
            Examples =
            [
                "isthmus semaphore unlink slots", "isthmus semaphore unlink /lock", "isthmus semaphore unlink 0xbeef",
                "isthmus semaphore unlink 32768",
            ],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command, acceptsShared: true);
        SharedPlaceInput place = SharedPlaceInput.AddTo(command);
        Option<bool> force = SharedUnlink.Force();
        command.Add(force);
        command.SetAction(line => SemaphoreObject.Run(() =>
        {
            if (name.Get(line) is ObjectName.Shared shared)
            {
                SharedUnlink.Run(
                    shared.Name, place.Directory(line), line.GetValue(force),
                    () => SharedSemaphore.GetStatus(shared.Name, place.Options(line, new SharedObjectOptions())));
                return;
            }
            SemaphoreObject.Unlink(name.Get(line));
        }));
        return command;
    }
}
