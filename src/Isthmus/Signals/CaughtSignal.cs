using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A standard signal whose handler writes into a pipe, and which goes on to the handler that stood there before. Made and disposed of under
/// <see cref="SignalHandling.Lock"/>.
/// </summary>
internal sealed class CaughtSignal : IDisposable
{
    // After these the runtime ends the process, unless a registration cancels that; after others it does nothing.
    private static readonly SignalSet s_ending = [Signal.SIGHUP, Signal.SIGINT, Signal.SIGQUIT, Signal.SIGTERM];

    private static readonly SignalSet s_runtimes = s_ending.Union(
        [Signal.SIGCHLD, Signal.SIGCONT, Signal.SIGWINCH, Signal.SIGTTIN, Signal.SIGTTOU, Signal.SIGTSTP]);

    // For a runtime that has no thread left to answer.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly Signal _signal;
    private readonly bool _ends;
    private readonly PosixSignalRegistration? _registration;
    private readonly LibC.sigaction _before;
    private long _answered;
    private long _droppedBefore;
    private bool _disposed;

    public CaughtSignal(Signal signal, int pipe)
    {
        _signal = signal;
        _ends = s_ending.Contains(signal);
        // The runtime's handler is to stand below ours, and to stay there as long as ours is. Otherwise a registration that
        // comes later would take the signal away, and the end of one that came earlier would, too.
        _registration = s_runtimes.Contains(signal) ? PosixSignalRegistration.Create((PosixSignal)signal.Number, Answer) : null;
        _before = SignalHandling.Read(signal);
        if (_before.sa_handler == HandlerPage.Instance.Write)
        {
            // Somebody put ours back who had found it there. It must not be called by itself.
            _before = default;
        }
        Install(pipe);
    }

    /// <summary>How many could not be written.</summary>
    public long Dropped => _disposed ? _droppedBefore : Volatile.Read(ref Entry.Dropped);

    private ref HandlerEntry Entry => ref HandlerPage.Instance.Entry(_signal);

    /// <summary>Puts back what stood there before. Nobody writes into the pipe afterwards.</summary>
    public void Dispose()
    {
        // Somebody who has put a handler above ours since then goes on to call ours, which then does nothing.
        if (SignalHandling.Read(_signal).sa_handler == HandlerPage.Instance.Write)
        {
            SignalHandling.Write(_signal, _before);
        }
        // Exchange: pairs with the handler's locked increment. Either it sees -1, or we see that it is active, and the
        // descriptor stays open until it has written.
        Interlocked.Exchange(ref Entry.Descriptor, -1);
        SpinWait spin = default;
        while (Volatile.Read(ref Entry.Active) != 0)
        {
            spin.SpinOnce();
        }
        _droppedBefore = Volatile.Read(ref Entry.Dropped);
        _disposed = true;
        AwaitAnswers();
        _registration?.Dispose();
    }

    private void Install(int pipe)
    {
        bool continues = SignalHandling.IsHandler(_before);
        Entry.Dropped = Entry.Handled = 0;
        Entry.Next = continues ? _before.sa_handler : 0;
        Volatile.Write(ref Entry.Descriptor, pipe);
        // No SA_ONSTACK of our own: the runtime leaves its alternate stack in the middle of a fault, and we would overwrite it.
        LibC.sigaction ours = continues ? _before : new LibC.sigaction { sa_flags = LibC.SA_RESTART };
        ours.sa_handler = HandlerPage.Instance.Write;
        ours.sa_flags |= LibC.SA_SIGINFO;
        // Of several that wait for one thread the kernel would else start all handlers, and run the last one first.
        ours.sa_mask[0] |= SignalSet.All.Bits;
        SignalHandling.Write(_signal, ours);
    }

    // The runtime calls it once for each signal, some time after its handler has run. A signal that is caught has no default action.
    private void Answer(PosixSignalContext context)
    {
        context.Cancel |= _ends;
        Interlocked.Increment(ref _answered);
    }

    // A signal that the stream has given out must not end the process because nobody was there any more to say that it was caught.
    private void AwaitAnswers()
    {
        if (_ends && SignalHandling.IsHandler(_before))
        {
            long handled = Volatile.Read(ref Entry.Handled);
            SpinWait.SpinUntil(() => Interlocked.Read(ref _answered) >= handled, s_patience);
        }
    }
}
