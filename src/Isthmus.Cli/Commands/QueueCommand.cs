using System.Globalization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus queue</c>: queues in shared memory from the shell.</summary>
internal static class QueueCommand
{
    public const string Noun = "queue";

    public static CliCommand Create() => new(Noun, "Create, fill, empty, close and look at queues of messages in shared memory.")
    {
        QueueCreateCommand.Create(),
        QueueInfoCommand.Create(),
        QueueReceiveCommand.Create(),
        QueueSendCommand.Create(),
        QueueUnlinkCommand.Create(),
    };

    /// <summary>What to say of a sending that did not come about.</summary>
    public static CliException NotSent(QueueSendOutcome outcome, string name) => outcome switch
    {
        QueueSendOutcome.Closed => new CliException($"'{name}' is closed: nothing can be sent any more.", ExitCode.No),
        QueueSendOutcome.NoConsumer => new CliException($"'{name}' is full, and no consumer is left.", ExitCode.No),
        _ => new CliException($"'{name}' is full.", ExitCode.No),
    };

    /// <summary>What to say when some were dropped, which is how the queue was made.</summary>
    public static CliException Dropped(long count, string name) => new(
        string.Create(CultureInfo.InvariantCulture, $"'{name}' was full: {count} {(count == 1 ? "message was" : "messages were")} dropped."),
        ExitCode.No);
}
