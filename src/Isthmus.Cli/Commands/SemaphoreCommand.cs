using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus semaphore</c>: semaphores in shared memory, POSIX semaphores and System V semaphore sets from the shell.</summary>
internal static class SemaphoreCommand
{
    public static Command Create() => new CliCommand(
        "semaphore", "Create, acquire, release and look at semaphores: in shared memory, POSIX, and System V sets.")
    {
        SemaphoreCreateCommand.Create(),
        SemaphoreAcquireCommand.Create(),
        SemaphoreReleaseCommand.Create(),
        SemaphoreRunCommand.Create(),
        SemaphoreInfoCommand.Create(),
        SemaphoreUnlinkCommand.Create(),
    };
}
