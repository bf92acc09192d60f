using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus queue send</c>: standard input into a queue.</summary>
internal static class QueueSendCommand
{
    private const int PriorityMost = 7;

    public static Command Create()
    {
        CliCommand command = new("send", "Send standard input as one message, or each line as one; waits while the queue is full.")
        {
            Examples =
            [
                "isthmus queue send jobs < file", "printf '%s\\n' a b c | isthmus queue send jobs --lines --priority 1",
                "isthmus queue send jobs --timeout 0 < file", "isthmus queue send jobs --close < /dev/null",
            ],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<int?> priority = NumberOption.Create("--priority", "The highest is received first; 0 by default.", 0, PriorityMost);
        Option<bool> lines = new("--lines") { Description = "Each line is a message, without its newline." };
        Option<bool> nul = new("-0") { Description = "Each message ends with a NUL." };
        Option<bool> close = new("--close")
        {
            Description = "Close the queue when all is sent: what is in it is received still, and nobody can send any more. Empty input is no message then.",
        };
        Option<TimeSpan?> timeout = TimeLimit.Option();
        foreach (Option option in (Option[])[priority, lines, nul, close, timeout])
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
            byte? delimiter = line.GetValue(lines) ? (byte)'\n' : line.GetValue(nul) ? (byte)0 : null;
            TimeSpan? limit = line.GetValue(timeout);
            return TimeLimit.RunAsync(
                limit,
                async token =>
                {
                    using SharedQueue queue = SharedQueue.Open(name.Get(line), name.Options(line, new SharedObjectOptions()));
                    // No time at all is for the queue: what is to be sent must be read in any case.
                    CancellationToken reading = limit == TimeSpan.Zero ? interrupted : token;
                    await SendAsync(queue, MessageInput.ReadAsync(delimiter, reading), line.GetValue(priority) ?? 0, line.GetValue(close), token);
                    return ExitCode.Done;
                },
                interrupted);
        });
        return command;
    }

    private static async Task SendAsync(
        SharedQueue queue, IAsyncEnumerable<ReadOnlyMemory<byte>> messages, int priority, bool closes, CancellationToken cancellationToken)
    {
        if (priority >= queue.Priorities)
        {
            throw new CliException($"'{queue.Name}' has the priorities 0 to {queue.Priorities - 1}.");
        }
        using QueueProducer producer = queue.CreateProducer();
        long dropped = 0;
        await foreach (ReadOnlyMemory<byte> message in messages)
        {
            if (closes && message.IsEmpty)
            {
                continue;
            }
            if (message.Length > queue.MaxMessage)
            {
                throw new CliException($"A message of '{queue.Name}' has at most {queue.MaxMessage} bytes; this has {message.Length}.");
            }
            // A try first: no time at all leaves none for more.
            QueueSendOutcome outcome = producer.TrySend(message.Span, TimeSpan.Zero, priority);
            if (outcome == QueueSendOutcome.Full && queue.WhenFull == QueueWhenFull.Wait)
            {
                outcome = await producer.SendAsync(message, priority, cancellationToken);
            }
            // Who made it so wants what fits, and no end.
            dropped += outcome == QueueSendOutcome.Dropped ? 1 : 0;
            if (outcome is not (QueueSendOutcome.Sent or QueueSendOutcome.Dropped))
            {
                throw QueueCommand.NotSent(outcome, queue.Name!);
            }
        }
        if (closes)
        {
            queue.Complete();
        }
        if (dropped > 0)
        {
            throw QueueCommand.Dropped(dropped, queue.Name!);
        }
    }
}
