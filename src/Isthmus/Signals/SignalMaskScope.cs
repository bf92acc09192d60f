using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Disposing of it takes back what it changed of the calling thread's signal mask, and nothing else. It cannot leave the thread: no
/// <c>await</c> inside.
/// </summary>
public readonly ref struct SignalMaskScope : IDisposable
{
    private readonly int _back;
    private readonly SignalSet _changed;

    internal SignalMaskScope(int back, SignalSet changed)
    {
        _back = back;
        _changed = changed;
    }

    /// <summary>Restores the mask. Signals that wait and are unblocked by it come before it returns.</summary>
    public unsafe void Dispose()
    {
        LibC.sigset_t changed = _changed.ToNative();
        _ = LibC.pthread_sigmask(_back, &changed, null);
    }
}
