using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus queue receive</c>: messages of a queue to standard output.</summary>
internal static class QueueReceiveCommand
{
    public static Command Create()
    {
        CliCommand command = new("receive", "Take a message and print it, or several; waits while there is none. Where messages are acknowledged, that is done "
            + "when they are printed.")
        {
            Examples =
            [
                "isthmus queue receive jobs > file", "isthmus queue receive jobs --follow", "isthmus queue receive jobs --count 10 -0",
                "isthmus queue receive jobs --timeout 0",
            ],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<bool> ack = new("--ack") { Description = "Only of a queue whose messages are acknowledged: fail if they are not." };
        Option<TimeSpan?> timeout = TimeLimit.Option();
        MessageOutput.Options output = new("messages");
        command.Add(ack);
        command.Add(timeout);
        output.AddTo(command);
        command.SetAction(async (line, interrupted) =>
        {
            using SharedQueue queue = SharedQueue.Open(name.Get(line), name.Options(line, new SharedObjectOptions()));
            if (line.GetValue(ack) && !queue.Acknowledges)
            {
                throw new CliException($"The messages of '{queue.Name}' are not acknowledged: it was made without --acknowledge.");
            }
            using QueueConsumer consumer = queue.CreateConsumer();
            await using MessageOutput print = output.Open(line);
            return await TimeLimit.RunAsync(line.GetValue(timeout), token => ReceiveAsync(consumer, print, queue.Name!, token), interrupted);
        });
        return command;
    }

    private static async Task<int> ReceiveAsync(QueueConsumer consumer, MessageOutput output, string name, CancellationToken cancellationToken)
    {
        while (output.Left > 0)
        {
            // A try first: no time at all leaves none for more.
            if (TryPrint(consumer, output))
            {
                continue;
            }
            if (!await consumer.WaitToReceiveAsync(cancellationToken))
            {
                return output.TakesSeveral ? ExitCode.Done : throw new CliException($"'{name}' is closed, and empty.", ExitCode.No);
            }
        }
        return ExitCode.Done;
    }

    // It is acknowledged when it is printed; whoever kills us before that leaves it to somebody else.
    [SuppressMessage("Reliability", "CA2000", Justification = "It is acknowledged; if it was not printed, it is received once more.")]
    private static bool TryPrint(QueueConsumer consumer, MessageOutput output)
    {
        if (!consumer.TryReceive(out QueueLoan loan))
        {
            return false;
        }
        output.PrintAsync(loan.Span.ToArray(), CancellationToken.None).GetAwaiter().GetResult();
        loan.Acknowledge();
        return true;
    }
}
