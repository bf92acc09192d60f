using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus shm</c>: shared memory from the shell; and what its verbs share.</summary>
internal static class ShmCommand
{
    public static Command Create() => new CliCommand("shm", "Create, write, read and look at POSIX and System V shared memory.")
    {
        ShmCreateCommand.Create(),
        ShmWriteCommand.Create(),
        ShmReadCommand.Create(),
        ShmInfoCommand.Create(),
        ShmUnlinkCommand.Create(),
    };

    public static Option<long?> OffsetOption() => ByteSize.Option("--offset", "Where to begin, in bytes from the start.");

    public static Option<bool> AnyOwnerOption() => new("--any-owner")
    {
        Description = "Open it though another user owns it.",
    };
}
