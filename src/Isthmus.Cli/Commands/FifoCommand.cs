using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus fifo</c>: named pipes from the shell; and what its verbs share.</summary>
internal static class FifoCommand
{
    public static Command Create() => new CliCommand("fifo", "Create, write, read and look at named pipes.")
    {
        FifoCreateCommand.Create(),
        FifoSendCommand.Create(),
        FifoReceiveCommand.Create(),
        FifoInfoCommand.Create(),
        FifoUnlinkCommand.Create(),
    };

    public static Argument<string> PathArgument() => new("path")
    {
        Description = "The name of the FIFO in the file system.",
        CustomParser = FilePath.Parse,
    };

    public static Option<bool> AnyOwnerOption() => new("--any-owner")
    {
        Description = "Open it though another user owns it.",
    };
}
