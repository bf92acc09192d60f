using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Isthmus.Cli.Watch;

/// <summary>Makes events of the signals that a terminal and a shell send; none of them ends or stops this process before the terminal is given back.</summary>
internal sealed class WatchSignals : IDisposable
{
    private static readonly Signal[] s_signals =
        [Signal.SIGINT, Signal.SIGTERM, Signal.SIGHUP, Signal.SIGQUIT, Signal.SIGTSTP, Signal.SIGCONT, Signal.SIGWINCH];

    private readonly PosixSignalRegistration[] _registrations;

    public WatchSignals(ChannelWriter<WatchEvent> events) => _registrations =
    [
        .. s_signals.Select(signal => PosixSignalRegistration.Create((PosixSignal)signal.Number, context =>
        {
            context.Cancel = true;
            events.TryWrite(new WatchEvent(null, signal));
        })),
    ];

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());
}
