using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus topic subscribe</c>: samples to standard output.</summary>
internal static class TopicSubscribeCommand
{
    public static Command Create()
    {
        CliCommand command = new("subscribe", "Receive a sample and print it, or several; waits while there is none. Says on standard error what was lost.")
        {
            Examples =
            [
                "isthmus topic subscribe prices --history 1", "isthmus topic subscribe load --follow", "isthmus topic subscribe load --count 10 --block",
                "isthmus topic subscribe load --follow --until-end",
            ],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<bool> block = new("--block") { Description = "Lose nothing: publishers wait for this command. By default the oldest are lost when it is slow." };
        Option<int?> history = NumberOption.Create(
            "--history", "Begin with so many of each publisher's last samples, as far as the topic keeps them.", 0, 65_536);
        Option<bool> untilEnd = new("--until-end") { Description = "End when there were publishers and none is left. By default the next one is waited for." };
        Option<TimeSpan?> timeout = TimeLimit.Option();
        foreach (Option option in (Option[])[block, history, untilEnd, timeout])
        {
            command.Add(option);
        }
        MessageOutput.Options output = new("samples");
        output.AddTo(command);
        command.SetAction((line, interrupted) => TimeLimit.RunAsync(
            line.GetValue(timeout),
            async token =>
            {
                using Topic topic = Topic.Open(name.Get(line), name.Options(line, new SharedObjectOptions()));
                SubscriberOptions how = new()
                {
                    Overflow = line.GetValue(block) ? TopicOverflow.Block : TopicOverflow.DropOldest,
                    History = line.GetValue(history) ?? 0,
                    EndsWithPublishers = line.GetValue(untilEnd),
                };
                using Subscriber subscriber = topic.CreateSubscriber(how);
                await using MessageOutput print = output.Open(line);
                return await ReceiveAsync(subscriber, print, token);
            },
            interrupted));
        return command;
    }

    private static async Task<int> ReceiveAsync(Subscriber subscriber, MessageOutput output, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[subscriber.Topic.MaxSampleSize];
        while (output.Left > 0)
        {
            if (!subscriber.TryReceive(buffer, out TopicSampleInfo info))
            {
                if (!await subscriber.TryWaitAsync(Timeout.InfiniteTimeSpan, cancellationToken))
                {
                    string message = $"No publisher of '{subscriber.Topic.Name}' is left.";
                    return output.TakesSeveral ? ExitCode.Done : throw new CliException(message, ExitCode.No);
                }
                continue;
            }
            if (info.Lost > 0)
            {
                await Console.Error.WriteLineAsync($"isthmus: {info.Lost} samples of publisher {info.Publisher} were lost.");
            }
            // It is received: whatever happens now, it is printed first.
            await output.PrintAsync(buffer.AsMemory(0, info.Length), CancellationToken.None);
        }
        return ExitCode.Done;
    }
}
