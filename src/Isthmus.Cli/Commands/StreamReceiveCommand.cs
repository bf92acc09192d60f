using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus stream receive</c>: a stream to standard output.</summary>
internal static class StreamReceiveCommand
{
    public static Command Create()
    {
        CliCommand command = new("receive", "Take an end of a stream, and print what comes until the other end is closed; exit code 3 when that end has died.")
        {
            Examples = ["isthmus stream receive feed > file", "isthmus stream receive feed --timeout 5s | tar x"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<TimeSpan?> timeout = TimeLimit.Option();
        command.Add(timeout);
        command.SetAction((line, interrupted) =>
        {
            string what = name.Get(line);
            SharedObjectOptions options = name.Options(line, new SharedObjectOptions());
            return TimeLimit.RunAsync(line.GetValue(timeout), token => ReceiveAsync(what, options, token), interrupted);
        });
        return command;
    }

    private static async Task<int> ReceiveAsync(string name, SharedObjectOptions options, CancellationToken cancellationToken)
    {
        await using SharedStream stream = SharedStream.Open(name, options);
        await using StandardOutput output = new();
        await output.CopyFromAsync(stream, cancellationToken);
        return stream.PeerHasClosedWrite
            ? ExitCode.Done
            : throw new CliException($"The other end of '{name}' has died; what it wrote was printed, and may lack its end.", ExitCode.System);
    }
}
