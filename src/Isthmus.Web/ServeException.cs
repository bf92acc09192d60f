namespace Isthmus.Web;

/// <summary>Ends the program with one line on standard error and an exit code, as the tool's commands do.</summary>
internal sealed class ServeException(string message, int exitCode = ServeException.Usage) : Exception(message)
{
    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The system refused.</summary>
    public const int System = 3;

    public int ExitCode { get; } = exitCode;
}
