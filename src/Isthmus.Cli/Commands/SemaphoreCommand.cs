using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus semaphore</c>: POSIX semaphores and System V semaphore sets from the shell.</summary>
internal static class SemaphoreCommand
{
    public static Command Create() => new CliCommand("semaphore", "Create, acquire, release and look at POSIX semaphores and System V semaphore sets.")
    {
        SemaphoreCreateCommand.Create(),
        SemaphoreAcquireCommand.Create(),
        SemaphoreReleaseCommand.Create(),
        SemaphoreInfoCommand.Create(),
        SemaphoreUnlinkCommand.Create(),
    };
}
