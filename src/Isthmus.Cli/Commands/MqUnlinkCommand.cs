using System.CommandLine;
using Isthmus.Cli.MessageQueues;
using Isthmus.Cli.Names;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus mq unlink</c>.</summary>
internal static class MqUnlinkCommand
{
    public static Command Create()
    {
        CliCommand command = new(
            "unlink", "Remove the name of a POSIX queue: whoever has it open goes on. Destroy a System V queue: whoever waits on it gets an error.")
        {
            Examples = ["isthmus mq unlink /jobs", "isthmus mq unlink 0xbeef", "isthmus mq unlink 17"],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        command.SetAction(line => QueueObject.Unlink(name.Get(line)));
        return command;
    }
}
