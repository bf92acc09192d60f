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
}
