using System.CommandLine;

namespace Isthmus.Cli;

/// <summary><c>--timeout</c>: how long a command may take in all.</summary>
internal static class TimeLimit
{
    public static Option<TimeSpan?> Option() => Duration.Option("--timeout", "Give up, with exit code 1, when it takes longer.");

    /// <summary>
    /// Runs the body; ends with <see cref="ExitCode.No"/> when the time is over. Ctrl+C is no timeout.
    /// </summary>
    public static async Task<int> RunAsync(
        TimeSpan? timeout, Func<CancellationToken, Task<int>> body, CancellationToken interrupted)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        if (timeout is { } time)
        {
            limit.CancelAfter(time);
        }
        try
        {
            return await body(limit.Token);
        }
        catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
        {
            throw new CliException("Timed out.", ExitCode.No);
        }
    }
}
