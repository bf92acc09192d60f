using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus fifo create</c>.</summary>
internal static class FifoCreateCommand
{
    public static Command Create()
    {
        Argument<string> path = FifoCommand.PathArgument();
        Option<UnixFileMode?> mode = FileModeOption.Create();
        CliCommand command = new("create", "Make a FIFO; fails when the name is taken.")
        {
            Examples = ["isthmus fifo create /run/user/1000/x", "isthmus fifo create /run/x --mode 0622"],
        };
        command.Add(path);
        command.Add(mode);
        command.SetAction(line => Fifo.Create(line.GetRequiredValue(path), line.GetValue(mode) ?? FileModeOption.OwnerOnly));
        return command;
    }
}
