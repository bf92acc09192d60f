using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus fifo receive</c>: a FIFO to standard output.</summary>
internal static class FifoReceiveCommand
{
    public static Command Create()
    {
        Argument<string> path = FifoCommand.PathArgument();
        Option<bool> follow = new("--follow", "-f") { Description = "Go on with the next writer when the last one has closed, until interrupted." };
        Option<bool> anyOwner = FifoCommand.AnyOwnerOption();
        Option<TimeSpan?> timeout = TimeLimit.Option();
        CliCommand command = new("receive", "Wait for a writer, then print what comes until the last writer closes.")
        {
            Examples = ["isthmus fifo receive /run/user/1000/x > file", "isthmus fifo receive /run/user/1000/log --follow"],
        };
        command.Add(path);
        command.Add(follow);
        command.Add(anyOwner);
        command.Add(timeout);
        command.SetAction((line, interrupted) =>
        {
            string name = line.GetRequiredValue(path);
            FifoOpenOptions options = new() { AnyOwner = line.GetValue(anyOwner), KeepOpen = line.GetValue(follow) };
            return TimeLimit.RunAsync(line.GetValue(timeout), token => ReceiveAsync(name, options, token), interrupted);
        });
        return command;
    }

    private static async Task<int> ReceiveAsync(string path, FifoOpenOptions options, CancellationToken cancellationToken)
    {
        using PipeReadEnd reader = Fifo.OpenRead(path, options);
        await using StandardOutput output = new();
        await output.CopyFromAsync(reader, cancellationToken);
        return ExitCode.Done;
    }
}
