using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus fifo send</c>: standard input into a FIFO.</summary>
internal static class FifoSendCommand
{
    public static Command Create()
    {
        Argument<string> path = FifoCommand.PathArgument();
        Option<bool> anyOwner = FifoCommand.AnyOwnerOption();
        Option<TimeSpan?> timeout = TimeLimit.Option();
        CliCommand command = new("send", "Wait for a reader, then write standard input.")
        {
            Examples = ["isthmus fifo send /run/user/1000/x < file", "echo hello | isthmus fifo send /run/user/1000/x --timeout 5s"],
        };
        command.Add(path);
        command.Add(anyOwner);
        command.Add(timeout);
        command.SetAction((line, interrupted) =>
        {
            string name = line.GetRequiredValue(path);
            FifoOpenOptions options = new() { AnyOwner = line.GetValue(anyOwner) };
            return TimeLimit.RunAsync(line.GetValue(timeout), token => SendAsync(name, options, token), interrupted);
        });
        return command;
    }

    private static async Task<int> SendAsync(string path, FifoOpenOptions options, CancellationToken cancellationToken)
    {
        using PipeWriteEnd writer = await Fifo.OpenWriteAsync(path, options, cancellationToken);
        using StandardInput input = new();
        await input.CopyToAsync(writer.WriteAsync, cancellationToken);
        return ExitCode.Done;
    }
}
