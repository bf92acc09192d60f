using System.CommandLine;
using Isthmus.Cli.Pipes;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus fifo info</c>: what is known of a FIFO without opening it.</summary>
internal static class FifoInfoCommand
{
    public static Command Create()
    {
        Argument<string> path = FifoCommand.PathArgument();
        Option<bool> json = new("--json") { Description = "Print JSON." };
        CliCommand command = new("info", "Tell mode and owner of a FIFO, who reads and writes it, and how full it is.")
        {
            Examples = ["isthmus fifo info /run/user/1000/x", "isthmus fifo info /run/user/1000/x --json"],
        };
        command.Add(path);
        command.Add(json);
        command.SetAction(line =>
        {
            string name = line.GetRequiredValue(path);
            PipeReport.Print(PipeReport.Of(PipeInfo.OfFifo(name), Fifo.Stat(name)), line.GetValue(json));
        });
        return command;
    }
}
