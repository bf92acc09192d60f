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
            _waiting.ForEach(signal => target.SendToGroup(signal));
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
                _target.SendToGroup(signal);
            }
        }
    }
}
