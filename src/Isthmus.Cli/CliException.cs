namespace Isthmus.Cli;

/// <summary>Ends the command with one line on standard error and an exit code: for what the parser cannot know.</summary>
internal sealed class CliException(string message, int exitCode = ExitCode.Usage) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
