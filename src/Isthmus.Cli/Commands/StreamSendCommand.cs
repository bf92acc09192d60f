using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus stream send</c>: standard input into a stream.</summary>
internal static class StreamSendCommand
{
    public static Command Create()
    {
        CliCommand command = new("send", "Take an end of a stream, write standard input, and close it. What fits waits for who receives.")
        {
            Examples = ["isthmus stream send feed < file", "tar c . | isthmus stream send feed --timeout 1m"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<TimeSpan?> timeout = TimeLimit.Option();
        command.Add(timeout);
        command.SetAction((line, interrupted) =>
        {
            string what = name.Get(line);
            SharedObjectOptions options = name.Options(line, new SharedObjectOptions());
            return TimeLimit.RunAsync(line.GetValue(timeout), token => SendAsync(what, options, token), interrupted);
        });
        return command;
    }

    private static async Task<int> SendAsync(string name, SharedObjectOptions options, CancellationToken cancellationToken)
    {
        await using SharedStream stream = SharedStream.Open(name, options);
        using StandardInput input = new();
        await input.CopyToAsync(stream.WriteAsync, cancellationToken);
        stream.CloseWrite();
        return ExitCode.Done;
    }
}
