namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus mutex</c>: mutexes in shared memory from the shell.</summary>
internal static class MutexCommand
{
    public const string Noun = "mutex";

    public static CliCommand Create() => new(Noun, "Create mutexes in shared memory, run commands under them, and tell who owns them.")
    {
        MutexCreateCommand.Create(),
        MutexInfoCommand.Create(),
        MutexRunCommand.Create(),
        MutexUnlinkCommand.Create(),
    };
}
