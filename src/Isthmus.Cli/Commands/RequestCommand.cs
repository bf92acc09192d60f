namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus request</c>: requests and replies in shared memory from the shell.</summary>
internal static class RequestCommand
{
    public const string Noun = "request";

    public static CliCommand Create() => new(Noun, "Make requests of servers in other processes, in shared memory, or answer them.")
    {
        RequestCallCommand.Create(),
        RequestCreateCommand.Create(),
        RequestInfoCommand.Create(),
        RequestServeCommand.Create(),
        RequestUnlinkCommand.Create(),
    };
}
