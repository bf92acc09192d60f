namespace Isthmus.Cli;

/// <summary>What the tool's exit codes mean; the same for every command.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>An expected no: timed out, would block, nothing found, all places taken; for bench, a wrong byte.</summary>
    public const int No = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The system refused; the message has the errno's name.</summary>
    public const int System = 3;

    /// <summary>Of <c>run</c>: the command ran into <c>--timeout</c>.</summary>
    public const int RunTimeout = 124;

    /// <summary>Of <c>run</c>: the tool itself failed.</summary>
    public const int RunFailed = 125;

    /// <summary>Of <c>run</c>: the command was found and cannot be executed.</summary>
    public const int RunNotExecutable = 126;

    /// <summary>Of <c>run</c>: the command was not found.</summary>
    public const int RunNotFound = 127;

    /// <summary>Added to a signal's number.</summary>
    public const int Signal = 128;
}
