using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus event wait</c>.</summary>
internal static class EventWaitCommand
{
    public static Command Create()
    {
        CliCommand command = new("wait", "Wait until an event is set.")
        {
            Examples = ["isthmus event wait ready --timeout 10s && ./start", "isthmus event wait work --timeout 0"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<TimeSpan?> timeout = TimeLimit.Option();
        command.Add(timeout);
        command.SetAction((line, interrupted) => RunAsync(
            SharedEvent.Open(name.Get(line), name.Options(line, new SharedObjectOptions())), line.GetValue(timeout), interrupted));
        return command;
    }

    // A try first: a timeout of 0 leaves no time for more.
    private static async Task<int> RunAsync(SharedEvent opened, TimeSpan? timeout, CancellationToken interrupted)
    {
        using SharedEvent awaited = opened;
        return awaited.TryWait()
            ? ExitCode.Done
            : await TimeLimit.RunAsync(timeout, WaitAsync, interrupted);

        async Task<int> WaitAsync(CancellationToken cancellationToken)
        {
            await awaited.WaitAsync(cancellationToken);
            return ExitCode.Done;
        }
    }
}
