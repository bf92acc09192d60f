using System.Runtime.InteropServices;

namespace Isthmus.Cli;

/// <summary>
/// One command in the foreground: in a group of its own, which gets the terminal while it runs, so that Ctrl+C reaches it
/// once and not us; signals sent to us are passed on to that group; when it is stopped (Ctrl+Z) so are we, and the shell
/// can go on with both.
/// </summary>
internal sealed class CommandRun : IDisposable
{
    private static readonly Signal[] s_forwarded =
        [Signal.SIGHUP, Signal.SIGINT, Signal.SIGQUIT, Signal.SIGTERM, Signal.SIGUSR1, Signal.SIGUSR2, Signal.SIGALRM];

    private readonly ChildProcess _child;
    private readonly SignalForwarder _signals;
    private readonly bool _sharesTerminal;

    private CommandRun(ChildProcess child, SignalForwarder signals, bool sharesTerminal)
    {
        _child = child;
        _signals = signals;
        _sharesTerminal = sharesTerminal;
    }

    /// <summary>Runs the command to its end; tells how it ended and whether the timeout ended it.</summary>
    /// <exception cref="CliException">It cannot be started: 127 not found, 126 not executable, 125 otherwise.</exception>
    public static async Task<(ExitStatus Status, bool TimedOut)> RunAsync(ChildProcessOptions options, TimeSpan? timeout, TimeSpan grace)
    {
        bool sharesTerminal = options.Group == ChildGroup.New && ControllingTerminal.Exists;
        // Before the start: a signal that comes in between must not end us and leave the command.
        using SignalForwarder signals = new(s_forwarded);
        using ChildProcess child = Start(options with { TakesTerminal = sharesTerminal && ControllingTerminal.IsForeground });
        using CommandRun run = new(child, signals, sharesTerminal);
        signals.ForwardTo(child.Process);
        using CancellationTokenSource ended = new();
        Task stops = run.FollowStopsAsync(ended.Token);
        try
        {
            return await run.WaitAsync(timeout, grace);
        }
        finally
        {
            await ended.CancelAsync();
            await stops;
        }
    }

    public void Dispose()
    {
        _signals.Dispose(); // Before the child, which it signals.
        TakeTerminalBack();
    }

    private static ChildProcess Start(ChildProcessOptions options)
    {
        if (options.FileName.Length == 0)
        {
            throw new CliException("The command has no name.", ExitCode.RunNotFound);
        }
        try
        {
            return ChildProcess.Start(options);
        }
        catch (FileNotFoundException error)
        {
            throw new CliException(error.Message, ExitCode.RunNotFound);
        }
        catch (Exception error) when (ErrnoOf(error) is Errno.EACCES or Errno.ENOEXEC or Errno.ETXTBSY)
        {
            throw new CliException(error.Message, ExitCode.RunNotExecutable);
        }
    }

    private static Errno? ErrnoOf(Exception error) => ((error as PosixException) ?? error.InnerException as PosixException)?.Errno;

    private async Task<(ExitStatus Status, bool TimedOut)> WaitAsync(TimeSpan? timeout, TimeSpan grace)
    {
        using CancellationTokenSource limit = new();
        if (timeout is { } time)
        {
            limit.CancelAfter(time);
        }
        try
        {
            return (await _child.WaitAsync(limit.Token), false);
        }
        catch (OperationCanceledException)
        {
            return (await _child.Process.StopAsync(grace, SignalScope.Group), true);
        }
    }

    private async Task FollowStopsAsync(CancellationToken cancellationToken)
    {
        try
        {
            using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
            await foreach (ChildStateChange change in _child.Process.ReadStateChangesAsync(cancellationToken))
            {
                if (change.State == ChildState.Stopped && _sharesTerminal)
                {
                    await StopWithChildAsync(self, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }

    // The shell sees us stop, takes the terminal, and gives it back to our group with SIGCONT when it goes on in the
    // foreground.
    private async Task StopWithChildAsync(ProcessHandle self, CancellationToken cancellationToken)
    {
        // Where nobody would let us go on, the command goes on at once.
        if (JobControl.HasParent)
        {
            TakeTerminalBack();
            TaskCompletionSource continued = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using PosixSignalRegistration registration = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => continued.TrySetResult());
            self.Send(Signal.SIGSTOP);
            await continued.Task.WaitAsync(cancellationToken);
            if (ControllingTerminal.IsForeground)
            {
                ControllingTerminal.SetForegroundGroup(_child.Id);
            }
        }
        _child.Process.SendToGroup(Signal.SIGCONT);
    }

    private void TakeTerminalBack()
    {
        try
        {
            if (_sharesTerminal && ControllingTerminal.ForegroundGroup == _child.Id)
            {
                ControllingTerminal.TakeBack();
            }
        }
        catch (IOException)
        {
            // It was hung up meanwhile.
        }
    }
}
