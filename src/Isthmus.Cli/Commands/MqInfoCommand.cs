using System.CommandLine;
using Isthmus.Cli.MessageQueues;
using Isthmus.Cli.Names;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus mq info</c>: what is known of a queue without disturbing it.</summary>
internal static class MqInfoCommand
{
    public static Command Create()
    {
        CliCommand command = new("info", "Tell how full a queue is, its limits, mode and owner, and who used it last or waits for its notification.")
        {
            Examples = ["isthmus mq info /jobs", "isthmus mq info 0xbeef --json", "isthmus mq info 17"],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        Option<bool> json = new("--json") { Description = "Print JSON." };
        command.Add(json);
        command.SetAction(line => QueueReport.Print(QueueObject.Stat(name.Get(line)), line.GetValue(json)));
        return command;
    }
}
