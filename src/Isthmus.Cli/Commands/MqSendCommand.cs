using System.CommandLine;
using Isthmus.Cli.MessageQueues;
using Isthmus.Cli.Names;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus mq send</c>: standard input into a queue.</summary>
internal static class MqSendCommand
{
    public static Command Create()
    {
        CliCommand command = new("send", "Send standard input as one message, or each line as one; waits while the queue is full.")
        {
            Examples =
            [
                "isthmus mq send /jobs --priority 5 < file",
                "printf '%s\\n' a b c | isthmus mq send 0xbeef --type 7 --lines",
                "isthmus mq send /jobs --timeout 0 < file",
            ],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        Option<long?> priority = NumberOption.Create<long>(
            "--priority", "POSIX: the highest is received first; 0 by default.", 0, PosixMessageQueue.PriorityMax);
        Option<long?> type = NumberOption.Create<long>("--type", "System V: what receivers choose by; 1 by default.", 1, long.MaxValue);
        Option<bool> lines = new("--lines") { Description = "Each line is a message, without its newline." };
        Option<bool> nul = new("-0") { Description = "Each message ends with a NUL." };
        Option<bool> anyOwner = MqCommand.AnyOwnerOption();
        Option<TimeSpan?> timeout = TimeLimit.Option();
        foreach (Option option in (Option[])[priority, type, lines, nul, anyOwner, timeout])
        {
            command.Add(option);
        }
        command.Validators.Add(result =>
        {
            if (result.GetValue(lines) && result.GetValue(nul))
            {
                result.AddError("--lines and -0 exclude each other.");
            }
        });
        command.SetAction((line, interrupted) =>
        {
            ObjectName where = name.Get(line);
            MqCommand.CheckKind(line, where, ofPosix: [priority], ofSystemV: [type]);
            byte? delimiter = line.GetValue(lines) ? (byte)'\n' : line.GetValue(nul) ? (byte)0 : null;
            return TimeLimit.RunAsync(
                line.GetValue(timeout),
                async token =>
                {
                    using OpenQueue queue = QueueObject.OpenToSend(
                        where, line.GetValue(anyOwner), (int)(line.GetValue(priority) ?? 0), line.GetValue(type) ?? 1);
                    // No time at all is for the queue: what is to be sent must be read in any case.
                    CancellationToken reading = line.GetValue(timeout) == TimeSpan.Zero ? interrupted : token;
                    return await SendAsync(queue, MessageInput.ReadAsync(delimiter, reading), token);
                },
                interrupted);
        });
        return command;
    }

    private static async Task<int> SendAsync(
        OpenQueue queue, IAsyncEnumerable<ReadOnlyMemory<byte>> messages, CancellationToken cancellationToken)
    {
        await foreach (ReadOnlyMemory<byte> message in messages)
        {
            await queue.SendAsync(message, cancellationToken);
        }
        return ExitCode.Done;
    }
}
