using System.CommandLine;
using System.CommandLine.Parsing;
using Isthmus.Cli.MessageQueues;
using Isthmus.Cli.Names;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus mq receive</c>: messages of a queue to standard output.</summary>
internal static class MqReceiveCommand
{
    public static Command Create()
    {
        CliCommand command = new("receive", "Take a message and print it, or several; waits while there is none.")
        {
            Examples =
            [
                "isthmus mq receive /jobs > file",
                "isthmus mq receive /jobs --follow",
                "isthmus mq receive 0xbeef --type -3 --count 10 -0",
                "isthmus mq receive 0xbeef --peek",
            ],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        Option<long?> type = NumberOption.Create<long>(
            "--type", "System V: only this type; when negative, the lowest type up to its amount.", -long.MaxValue, long.MaxValue);
        Option<long?> except = NumberOption.Create<long>("--except", "System V: any type but this one.", 1, long.MaxValue);
        Option<bool> peek = new("--peek") { Description = "System V: copy what is there, the oldest first, and take nothing; does not wait." };
        Option<bool> anyOwner = MqCommand.AnyOwnerOption();
        Option<TimeSpan?> timeout = TimeLimit.Option();
        MessageOutput.Options output = new("messages");
        foreach (Option option in (Option[])[type, except, peek, anyOwner, timeout])
        {
            command.Add(option);
        }
        output.AddTo(command);
        command.Validators.Add(result => Validate(result, type, except, peek, output.Follow));
        command.SetAction((line, interrupted) =>
        {
            ObjectName where = name.Get(line);
            MqCommand.CheckKind(line, where, ofPosix: [], ofSystemV: [type, except, peek]);
            MessageSelector selector = Selector(line.GetValue(type), line.GetValue(except));
            return TimeLimit.RunAsync(
                line.GetValue(timeout),
                async token =>
                {
                    using OpenQueue queue = QueueObject.OpenToReceive(where, line.GetValue(anyOwner), selector);
                    await using MessageOutput print = output.Open(line);
                    return await (line.GetValue(peek) ? PeekAsync(queue, print) : ReceiveAsync(queue, print, token));
                },
                interrupted);
        });
        return command;
    }

    private static void Validate(CommandResult result, Option<long?> type, Option<long?> except, Option<bool> peek, Option<bool> follow)
    {
        bool selects = result.GetResult(type) is not null || result.GetResult(except) is not null;
        if (result.GetResult(type) is not null && result.GetResult(except) is not null)
        {
            result.AddError("--type and --except exclude each other.");
        }
        else if (result.GetValue(peek) && (selects || result.GetValue(follow)))
        {
            result.AddError("--peek goes by position: it takes neither --type, --except nor --follow.");
        }
    }

    // As msgrcv(2) takes it.
    private static MessageSelector Selector(long? type, long? except) => (type, except) switch
    {
        (_, { } other) => MessageSelector.AllBut(other),
        ( > 0, _) => MessageSelector.OfType(type.Value),
        ( < 0, _) => MessageSelector.LowestUpTo(-type.Value),
        _ => MessageSelector.Any,
    };

    private static async Task<int> ReceiveAsync(OpenQueue queue, MessageOutput output, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[queue.BufferBytes];
        while (output.Left > 0)
        {
            int length = await queue.ReceiveAsync(buffer, cancellationToken);
            // It is taken: whatever happens now, it is printed first.
            await output.PrintAsync(buffer.AsMemory(0, length), CancellationToken.None);
        }
        return ExitCode.Done;
    }

    private static async Task<int> PeekAsync(OpenQueue queue, MessageOutput output)
    {
        byte[] buffer = new byte[queue.BufferBytes];
        int printed = 0;
        for (; output.Left > 0 && queue.TryPeek(buffer, printed, out int length); printed++)
        {
            await output.PrintAsync(buffer.AsMemory(0, length));
        }
        return printed > 0 ? ExitCode.Done : throw new CliException("There is no message.", ExitCode.No);
    }
}
