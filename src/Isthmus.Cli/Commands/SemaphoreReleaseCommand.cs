using System.CommandLine;
using Isthmus.Cli.Semaphores;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus semaphore release</c>.</summary>
internal static class SemaphoreReleaseCommand
{
    public static Command Create()
    {
        CliCommand command = new("release", "Give units; wakes who waits for them.")
        {
            Examples = ["isthmus semaphore release slots", "isthmus semaphore release /lock", "isthmus semaphore release 0xbeef --index 2 --units 3"],
        };
        SemaphoreTarget target = SemaphoreTarget.AddTo(command);
        command.SetAction(line => SemaphoreObject.Run(() => Release(target, line)));
        return command;
    }

    private static int Release(SemaphoreTarget target, ParseResult line)
    {
        using SharedSemaphore? shared = target.OpenShared(line);
        if (shared is { OwnerTracked: true })
        {
            throw new CliException($"'{shared.Name}' is owner-tracked: only who holds its permits gives them back.");
        }
        if (shared is not null)
        {
            shared.Release(target.Units(line));
            return ExitCode.Done;
        }
        using PosixSemaphore? posix = target.OpenPosix(line);
        if (posix is not null)
        {
            posix.Release();
            return ExitCode.Done;
        }
        SemaphoreOperation[] operations = target.Operations(line, (index, units) => SemaphoreOperation.Release(index, units));
        return target.OpenSet(line).TryOperate(operations)
            ? ExitCode.Done
            : throw new CliException("The operations would have to wait; nothing was done. To wait, use acquire.", ExitCode.No);
    }
}
