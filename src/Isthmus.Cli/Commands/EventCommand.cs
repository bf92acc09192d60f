namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus event</c>: events in shared memory from the shell.</summary>
internal static class EventCommand
{
    public const string Noun = "event";

    public static CliCommand Create() => new(Noun, "Create, set and reset events in shared memory, and wait for them.")
    {
        EventCreateCommand.Create(),
        EventInfoCommand.Create(),
        EventResetCommand.Create(),
        EventSetCommand.Create(),
        EventUnlinkCommand.Create(),
        EventWaitCommand.Create(),
    };
}
