using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus pipe</c>: the pipes of running processes.</summary>
internal static class PipeCommand
{
    public static Command Create() => new CliCommand("pipe", "Look at the pipes of running processes.")
    {
        PipeInfoCommand.Create(),
    };
}
