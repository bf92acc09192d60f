using System.CommandLine;
using Isthmus.Cli.Semaphores;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus semaphore acquire</c>.</summary>
internal static class SemaphoreAcquireCommand
{
    public static Command Create()
    {
        CliCommand command = new("acquire", "Take a unit, waiting while there is none. It stays taken when this command ends.")
        {
            Examples =
            [
                "isthmus semaphore acquire slots", "isthmus semaphore acquire /lock --timeout 0", "isthmus semaphore acquire 0xbeef --index 2 --units 3",
                "isthmus semaphore acquire 0xbeef --op 0:-1,1:0,2:+1",
            ],
        };
        SemaphoreTarget target = SemaphoreTarget.AddTo(command);
        Option<TimeSpan?> timeout = TimeLimit.Option();
        command.Add(timeout);
        command.SetAction((line, interrupted) => SemaphoreObject.Run(() =>
        {
            if (target.OpenShared(line) is { } shared)
            {
                return AcquireAsync(shared, line.GetValue(timeout), interrupted);
            }
            PosixSemaphore? posix = target.OpenPosix(line);
            return posix is not null
                ? AcquireAsync(posix, line.GetValue(timeout), interrupted)
                : AcquireAsync(target.OpenSet(line), target.Operations(line, (index, units) => SemaphoreOperation.Acquire(index, units)),
                    line.GetValue(timeout), interrupted);
        }));
        return command;
    }

    private static async Task<int> AcquireAsync(SharedSemaphore shared, TimeSpan? timeout, CancellationToken interrupted)
    {
        using SharedSemaphore semaphore = shared;
        if (semaphore.OwnerTracked)
        {
            throw new CliException(
                $"'{semaphore.Name}' is owner-tracked: what this command acquires would come back as it ends. Use 'isthmus semaphore run'.");
        }
        return semaphore.TryAcquire()
            ? ExitCode.Done
            : await TimeLimit.RunAsync(timeout, token => DoneAsync(semaphore.AcquireAsync(token)), interrupted);
    }

    // A try first: a timeout of 0 leaves no time for more.
    private static async Task<int> AcquireAsync(PosixSemaphore posix, TimeSpan? timeout, CancellationToken interrupted)
    {
        using PosixSemaphore semaphore = posix;
        return semaphore.TryAcquire()
            ? ExitCode.Done
            : await TimeLimit.RunAsync(timeout, token => DoneAsync(semaphore.AcquireAsync(token)), interrupted);
    }

    private static async Task<int> AcquireAsync(
        SystemVSemaphoreSet set, SemaphoreOperation[] operations, TimeSpan? timeout, CancellationToken interrupted) =>
        SemaphoreObject.Run(() => set.TryOperate(operations))
            ? ExitCode.Done
            : await SemaphoreObject.RunAsync(
                () => TimeLimit.RunAsync(timeout, token => DoneAsync(set.OperateAsync(operations, token)), interrupted));

    private static async Task<int> DoneAsync(ValueTask operation)
    {
        await operation;
        return ExitCode.Done;
    }
}
