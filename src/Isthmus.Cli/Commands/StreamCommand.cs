namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus stream</c>: byte streams in shared memory from the shell.</summary>
internal static class StreamCommand
{
    public const string Noun = "stream";

    public static CliCommand Create() => new(Noun, "Create byte streams in shared memory, and send and receive by them.")
    {
        StreamCreateCommand.Create(),
        StreamInfoCommand.Create(),
        StreamReceiveCommand.Create(),
        StreamSendCommand.Create(),
        StreamUnlinkCommand.Create(),
    };
}
