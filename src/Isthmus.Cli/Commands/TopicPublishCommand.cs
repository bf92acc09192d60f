using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus topic publish</c>: standard input to all subscribers.</summary>
internal static class TopicPublishCommand
{
    public static Command Create()
    {
        CliCommand command = new("publish", "Publish standard input as one sample, or each line as one; waits for subscribers that block.")
        {
            Examples =
            [
                "isthmus topic publish prices < file", "vmstat 1 | isthmus topic publish load --lines", "isthmus topic publish prices --subscribers 2 < file",
            ],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<bool> lines = new("--lines") { Description = "Each line is a sample, without its newline." };
        Option<bool> nul = new("-0") { Description = "Each sample ends with a NUL." };
        Option<int?> subscribers = NumberOption.Create("--subscribers", "Begin when so many subscribe; who comes later misses what was published.", 0, 65_536);
        Option<TimeSpan?> timeout = TimeLimit.Option();
        foreach (Option option in (Option[])[lines, nul, subscribers, timeout])
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
            return TimeLimit.RunAsync(
                line.GetValue(timeout),
                async token =>
                {
                    using Topic topic = Topic.Open(name.Get(line), name.Options(line, new SharedObjectOptions()));
                    await WaitAsync(topic, line.GetValue(subscribers) ?? 0, token);
                    // No time at all is for the topic: what is to be published must be read in any case.
                    CancellationToken reading = line.GetValue(timeout) == TimeSpan.Zero ? interrupted : token;
                    return await PublishAsync(topic, MessageInput.ReadAsync(delimiter, reading), token);
                },
                interrupted);
        });
        return command;
    }

    private static async Task WaitAsync(Topic topic, int subscribers, CancellationToken cancellationToken)
    {
        if (subscribers > topic.MaxSubscribers)
        {
            throw new CliException($"'{topic.Name}' was made for at most {topic.MaxSubscribers} subscribers; make it with a higher --max-subscribers.");
        }
        if (topic.SubscriberCount < subscribers)
        {
            await topic.WaitForSubscribersAsync(subscribers, cancellationToken);
        }
    }

    private static async Task<int> PublishAsync(Topic topic, IAsyncEnumerable<ReadOnlyMemory<byte>> samples, CancellationToken cancellationToken)
    {
        using Publisher publisher = topic.CreatePublisher();
        await foreach (ReadOnlyMemory<byte> sample in samples)
        {
            if (sample.Length > topic.MaxSampleSize)
            {
                throw new CliException($"A sample has {sample.Length} bytes, and '{topic.Name}' takes at most {topic.MaxSampleSize}.");
            }
            if (!publisher.TryPublish(sample.Span))
            {
                await publisher.PublishAsync(sample, cancellationToken);
            }
        }
        return ExitCode.Done;
    }
}
