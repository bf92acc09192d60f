using System.Runtime.InteropServices;

namespace Isthmus.Cli;

/// <summary>Keeps signals from ending this process and passes them on to another's group; those that come before it is
/// known wait for it.</summary>
internal sealed class SignalForwarder : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Signal> _waiting = [];
    private readonly List<PosixSignalRegistration> _registrations = [];
    private ProcessHandle? _target;

    public SignalForwarder(IEnumerable<Signal> signals)
    {
        foreach (Signal signal in signals)
        {
            _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal.Number, context =>
            {
                context.Cancel = true;
                Forward(signal);
            }));
        }
    }

    public void ForwardTo(ProcessHandle target)
    {
        lock (_lock)
        {
            _target = target;
            _waiting.ForEach(signal => Send(target, signal));
        }
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        lock (_lock)
        {
            _target = null; // A handler may still be on its way.
        }
    }

    private void Forward(Signal signal)
    {
        lock (_lock)
        {
            if (_target is null)
            {
                _waiting.Add(signal);
            }
            else
            {
                Send(_target, signal);
            }
        }
    }

    // A command that has become another user's cannot be signalled; it goes on, and so do we, who wait for it.
    private static void Send(ProcessHandle target, Signal signal)
    {
        try
        {
            target.SendToGroup(signal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            CommandLine.Warn("isthmus", $"{signal} was not passed on: {error.Message}");
        }
    }
}
