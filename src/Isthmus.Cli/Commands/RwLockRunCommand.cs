using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary>
/// <c>isthmus rwlock run NAME -- CMD…</c>: runs a command inside a reader-writer lock. Abandonment is dealt with as <see cref="MutexRunCommand"/> does;
/// a reader cannot end it.
/// </summary>
internal static class RwLockRunCommand
{
    public static Command Create()
    {
        CliCommand command = new("run", "Run a command inside a reader-writer lock, alone unless it only reads; end with its exit code.")
        {
            RunsCommand = true,
            Examples = ["isthmus rwlock run catalogue --read -- grep -c title catalogue.xml", "isthmus rwlock run catalogue --timeout 10s -- ./update"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<bool> read = new("--read") { Description = "The command only reads: others may read meanwhile." };
        Option<bool> create = new("--create") { Description = "Make the lock when there is none." };
        command.Add(read);
        command.Add(create);
        HeldRun run = HeldRun.AddTo(command);
        command.SetAction((line, _) =>
        {
            run.Check(line);
            SharedObjectOptions options = name.Options(line, new SharedObjectOptions());
            SharedReaderWriterLock opened = line.GetValue(create)
                ? SharedReaderWriterLock.OpenOrCreate(name.Get(line), options) : SharedReaderWriterLock.Open(name.Get(line), options);
            return RunAsync(line, run, opened, line.GetValue(read));
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, HeldRun run, SharedReaderWriterLock opened, bool reads)
    {
        using SharedReaderWriterLock entered = opened;
        TimeSpan timeout = run.Timeout(line);
        SharedReaderWriterScope? got = reads ? await entered.TryEnterReadAsync(timeout) : await entered.TryEnterWriteAsync(timeout);
        if (got is not { } scope)
        {
            throw HeldRun.TimedOut($"others are in '{entered.Name}'. 'isthmus rwlock info {entered.Name}' tells who.");
        }
        if (!scope.IsAbandoned)
        {
            using (scope)
            {
                return await run.RunAsync(line);
            }
        }
        int exitCode = await run.RunAbandonedAsync(line, entered.Name);
        if (!reads && exitCode == ExitCode.Done)
        {
            scope.DeclareConsistent();
            scope.Dispose();
        }
        // Else a writer's lock is closed while it writes, and the next one is told, too.
        return exitCode;
    }
}
