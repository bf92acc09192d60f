using System.Runtime.InteropServices;

namespace Isthmus.Cli;

/// <summary>
/// SIGINT, SIGTERM and, unless it is ignored (<c>nohup(1)</c>), SIGHUP while a command runs: the first cancels it, so that it leaves nothing behind, and is
/// the exit code; a second one ends the program at once. The parser's own handling comes later than the command's begin, and does not tell the one signal
/// from the other.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly Signal[] s_signals = Signal.SIGHUP.GetDisposition() == SignalDisposition.Ignore
        ? [Signal.SIGINT, Signal.SIGTERM]
        : [Signal.SIGINT, Signal.SIGTERM, Signal.SIGHUP];

    // Who has not ended by then never will.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _interrupted = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signal;

    private Interruption() => _registrations = [.. s_signals.Select(On)];

    /// <summary>Runs a command to its end, or to the signal's.</summary>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> command)
    {
        using Interruption interruption = new();
        try
        {
            return await command(interruption._interrupted.Token);
        }
        catch (OperationCanceledException) when (interruption._signal != 0)
        {
            return ExitCode.Signal + interruption._signal;
        }
    }

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _interrupted.Dispose();
    }

    private PosixSignalRegistration On(Signal signal) => PosixSignalRegistration.Create((PosixSignal)signal.Number, context =>
    {
        context.Cancel = true;
        if (Interlocked.CompareExchange(ref _signal, signal.Number, 0) == 0)
        {
            _ = EndAsync();
        }
        else
        {
            Environment.Exit(ExitCode.Signal + _signal);
        }
    });

    private async Task EndAsync()
    {
        // Not awaited: who listens may take longer than he has.
        _ = _interrupted.CancelAsync();
        await Task.Delay(s_grace);
        Environment.Exit(ExitCode.Signal + _signal);
    }
}
