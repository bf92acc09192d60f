using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus fifo unlink</c>.</summary>
internal static class FifoUnlinkCommand
{
    public static Command Create()
    {
        Argument<string> path = FifoCommand.PathArgument();
        CliCommand command = new("unlink", "Remove the name of a FIFO; whoever has it open goes on.")
        {
            Examples = ["isthmus fifo unlink /run/user/1000/x"],
        };
        command.Add(path);
        command.SetAction(line => Fifo.Unlink(line.GetRequiredValue(path)));
        return command;
    }
}
