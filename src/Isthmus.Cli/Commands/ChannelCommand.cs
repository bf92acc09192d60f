namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus channel</c>: all channels in shared memory, whatever their kind.</summary>
internal static class ChannelCommand
{
    public static CliCommand Create() => new("channel", "List the channels in shared memory, and remove those that nobody uses.")
    {
        ChannelCleanCommand.Create(),
        ChannelLsCommand.Create(),
    };
}
