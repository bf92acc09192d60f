using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus lock</c>: file locks from the shell.</summary>
internal static class LockCommand
{
    public static Command Create() => new CliCommand("lock", "Run commands under file locks, and tell who holds them.")
    {
        LockInfoCommand.Create(),
        LockRunCommand.Create(),
    };

    public static Argument<string> FileArgument() => new("file")
    {
        Description = "The file that is locked.",
        CustomParser = FilePath.Parse,
    };
}
