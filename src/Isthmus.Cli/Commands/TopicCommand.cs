namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus topic</c>: topics in shared memory from the shell.</summary>
internal static class TopicCommand
{
    public const string Noun = "topic";

    public static CliCommand Create() => new(Noun, "Publish and receive samples by topics in shared memory.")
    {
        TopicCreateCommand.Create(),
        TopicInfoCommand.Create(),
        TopicPublishCommand.Create(),
        TopicSubscribeCommand.Create(),
        TopicUnlinkCommand.Create(),
    };

    /// <summary>Takes one of the places that the topic was made with; that all are taken is an expected no.</summary>
    public static T Take<T>(Func<T> take)
    {
        try
        {
            return take();
        }
        catch (PosixException error) when (error.Errno == Errno.EUSERS)
        {
            throw new CliException(error.Message, ExitCode.No);
        }
    }
}
