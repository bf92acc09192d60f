using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus semaphore run NAME -- CMD…</c>: runs a command while a unit is held.</summary>
internal static class SemaphoreRunCommand
{
    public static Command Create()
    {
        CliCommand command = new("run", "Run a command while a unit of a semaphore of Isthmus is held; end with its exit code.")
        {
            RunsCommand = true,
            Examples = ["isthmus semaphore run slots --timeout 1m -- make test"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        HeldRun run = HeldRun.AddTo(command);
        command.SetAction((line, _) =>
        {
            run.Check(line);
            return RunAsync(line, run, SharedSemaphore.Open(name.Get(line), name.Options(line, new SharedObjectOptions())));
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, HeldRun run, SharedSemaphore opened)
    {
        using SharedSemaphore semaphore = opened;
        if (!await semaphore.TryAcquireAsync(run.Timeout(line)))
        {
            throw HeldRun.TimedOut($"'{semaphore.Name}' has no unit left. 'isthmus semaphore info {semaphore.Name}' tells more.");
        }
        try
        {
            return await run.RunAsync(line);
        }
        finally
        {
            semaphore.Release();
        }
    }
}
