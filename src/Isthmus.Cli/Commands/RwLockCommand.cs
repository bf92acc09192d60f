namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus rwlock</c>: reader-writer locks in shared memory from the shell.</summary>
internal static class RwLockCommand
{
    public const string Noun = "rwlock";

    public static CliCommand Create() => new(Noun, "Create reader-writer locks in shared memory, run commands under them, and tell who is in.")
    {
        RwLockCreateCommand.Create(),
        RwLockInfoCommand.Create(),
        RwLockRunCommand.Create(),
        RwLockUnlinkCommand.Create(),
    };
}
