using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Real-time signals, blocked in every thread, so that the kernel keeps them in its queue until they are read from a
/// <c>signalfd(2)</c>: none is lost and their order is the kernel's. Made and disposed of under <see cref="SignalHandling.Lock"/>.
/// </summary>
internal sealed class BlockedSignals : IDisposable
{
    private readonly SignalSet _signals;
    private readonly List<(Signal Signal, LibC.sigaction Before)> _handlers = [];
    private HashSet<int> _hadThemBlocked = [];
    private long _droppedBefore;

    private BlockedSignals(SignalSet signals) => _signals = signals;

    /// <summary>Each read gives the signal with the lowest number, of that the first.</summary>
    public SafeFileHandle Reader { get; private set; } = new();

    /// <summary>
    /// Signals that came while the threads were being told, or to a thread that unblocked them itself, and could not be queued once more.
    /// </summary>
    public long Dropped => _droppedBefore + _handlers.Sum(handler => Volatile.Read(ref HandlerPage.Instance.Entry(handler.Signal).Dropped));

    public static unsafe BlockedSignals Block(SignalSet signals)
    {
        BlockedSignals blocked = new(signals);
        try
        {
            foreach (Signal signal in signals)
            {
                blocked.Install(signal);
            }
            blocked._hadThemBlocked = ThreadMasks.Block(signals);
            LibC.sigset_t set = signals.ToNative();
            blocked.Reader = LibC.Check(LibC.signalfd(-1, &set, LibC.SFD_CLOEXEC));
            return blocked;
        }
        catch
        {
            DisposeAfterFailure(blocked);
            throw;
        }
    }

    // What could not be opened often cannot be closed either, for the same reason (no descriptor left): the first error is the one to tell.
    private static void DisposeAfterFailure(BlockedSignals blocked)
    {
        try
        {
            blocked.Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // The handlers are back all the same.
        }
    }

    public void Dispose()
    {
        Reader.Dispose();
        // To ignore a signal throws away those that are pending; else they would end the process as soon as it is unblocked.
        foreach ((Signal signal, _) in _handlers)
        {
            _droppedBefore += Volatile.Read(ref HandlerPage.Instance.Entry(signal).Dropped);
            SignalHandling.Write(signal, new LibC.sigaction { sa_handler = LibC.SIG_IGN });
        }
        try
        {
            if (_handlers.Count > 0)
            {
                ThreadMasks.Unblock(_signals, except: _hadThemBlocked);
            }
        }
        finally
        {
            foreach ((Signal signal, LibC.sigaction before) in _handlers)
            {
                SignalHandling.Write(signal, before);
            }
            _handlers.Clear();
        }
    }

    private void Install(Signal signal)
    {
        LibC.sigaction before = SignalHandling.Read(signal);
        if (SignalHandling.IsHandler(before))
        {
            throw new InvalidOperationException(
                $"{signal} has a handler already, of a PosixSignalRegistration or a library; it would never run again. Take another real-time signal.");
        }
        HandlerPage.Instance.Entry(signal).Dropped = 0;
        SignalHandling.Write(signal, new LibC.sigaction
        {
            sa_handler = HandlerPage.Instance.Block,
            sa_flags = LibC.SA_SIGINFO | LibC.SA_RESTART,
        });
        _handlers.Add((signal, before));
    }
}
