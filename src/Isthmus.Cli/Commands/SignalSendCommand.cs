using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus signal send</c>: a signal to a process or a group, perhaps with a value.</summary>
internal static class SignalSendCommand
{
    public static Command Create()
    {
        Argument<int> pid = SignalCommand.ProcessArgument();
        Argument<Signal?> signal = new("signal")
        {
            Description = "A name or a number: TERM, SIGUSR1, RTMIN+1, 15.",
            CustomParser = argument => SignalCommand.Parse(argument, argument.Tokens[0].Value),
        };
        Option<long?> value = NumberOption.Create(
            "--value", "Send this number along (sigqueue).", long.MinValue, long.MaxValue);
        Option<bool> group = new("--group") { Description = "To the whole process group that the process leads." };
        CliCommand command = new("send", "Send a signal to a process, by pidfd: never to a later one with its number.")
        {
            Examples = ["isthmus signal send 1234 TERM", "isthmus signal send 1234 RTMIN+1 --value 42", "isthmus signal send 1234 INT --group"],
        };
        command.Add(pid);
        command.Add(signal);
        command.Add(value);
        command.Add(group);
        command.Validators.Add(line =>
        {
            if (line.GetResult(value) is not null && line.GetValue(group))
            {
                line.AddError("--value and --group exclude each other: the kernel queues a value for one process.");
            }
        });
        command.SetAction(line =>
        {
            using ProcessHandle process = ProcessHandle.Open(line.GetRequiredValue(pid));
            Signal which = line.GetRequiredValue(signal)!.Value;
            bool sent = line.GetValue(group) ? process.SendToGroup(which)
                : line.GetValue(value) is { } number ? process.Queue(which, (nint)number)
                : process.Send(which);
            return sent ? ExitCode.Done : throw new CliException(
                line.GetValue(group) ? $"Process {process.Id} leads no group." : $"Process {process.Id} has ended.", ExitCode.No);
        });
        return command;
    }
}
