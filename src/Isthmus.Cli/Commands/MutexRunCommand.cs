using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary>
/// <c>isthmus mutex run NAME -- CMD…</c>: runs a command inside a mutex. Where an earlier owner died in it, the command is told by a variable of its
/// environment; what the mutex protects counts as consistent again when the command has succeeded, and stays abandoned when it has not.
/// </summary>
internal static class MutexRunCommand
{
    public static Command Create()
    {
        CliCommand command = new("run", "Run a command inside a mutex; end with its exit code.")
        {
            RunsCommand = true,
            Examples =
            [
                "isthmus mutex run jobs --timeout 10s -- make install",
                "isthmus mutex run backup --create --die-with-parent -- tar cf /backup/home.tar /home",
            ],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        HeldRun run = HeldRun.AddTo(command);
        Option<bool> create = new("--create") { Description = "Make the mutex when there is none." };
        command.Add(create);
        command.SetAction((line, _) =>
        {
            run.Check(line);
            SharedMutexOptions options = name.Options(line, new SharedMutexOptions());
            return RunAsync(
                line, run, line.GetValue(create) ? SharedMutex.OpenOrCreate(name.Get(line), options) : SharedMutex.Open(name.Get(line), options));
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, HeldRun run, SharedMutex opened)
    {
        using SharedMutex mutex = opened;
        if (await mutex.TryEnterAsync(run.Timeout(line)) is not { } scope)
        {
            JsonMutexInfo info = new(mutex.GetStatus());
            throw HeldRun.TimedOut($"{SharedInfo.Describe(info.Owner)} is in '{mutex.Name}'.");
        }
        if (!scope.IsAbandoned)
        {
            using (scope)
            {
                return await run.RunAsync(line);
            }
        }
        int exitCode = await run.RunAbandonedAsync(line, mutex.Name);
        if (exitCode == ExitCode.Done)
        {
            scope.DeclareConsistent();
            scope.Dispose();
        }
        // Else the mutex is closed while it is owned, and the next one is told, too.
        return exitCode;
    }
}
