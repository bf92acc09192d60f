using Isthmus.Native;

namespace Isthmus;

/// <summary>Disposing of it gives the calling thread the signal mask that it had before. It cannot leave the thread: no <c>await</c> inside.</summary>
public readonly ref struct SignalMaskScope : IDisposable
{
    private readonly LibC.sigset_t _before;

    internal SignalMaskScope(LibC.sigset_t before) => _before = before;

    /// <summary>Restores the mask. Signals that wait and are unblocked by it come before it returns.</summary>
    public unsafe void Dispose()
    {
        LibC.sigset_t before = _before;
        _ = LibC.pthread_sigmask(LibC.SIG_SETMASK, &before, null);
    }
}
