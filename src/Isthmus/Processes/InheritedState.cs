using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// What the .NET runtime changes for itself and the next program would inherit, put back to what this process was
/// given; <see cref="Dispose"/> is for the case that there is no next program, and sets the runtime's values again.
/// </summary>
internal readonly ref struct InheritedState : IDisposable
{
    private readonly LibC.sigset_t _mask;
    private readonly LibC.rlimit _descriptors;
    private readonly bool _ignoredPipe;

    private unsafe InheritedState(LibC.sigset_t none)
    {
        LibC.sigset_t mask;
        LibC.rlimit descriptors;
        LibC.CheckReturned(LibC.pthread_sigmask(LibC.SIG_SETMASK, &none, &mask));
        LibC.Check(LibC.prlimit(0, LibC.RLIMIT_NOFILE, null, &descriptors));
        _mask = mask;
        _descriptors = descriptors;
        _ignoredPipe = SetPipeSignal(LibC.SIG_IGN, LibC.SIG_DFL);
        LowerDescriptorLimit(descriptors);
    }

    /// <summary>Puts back signal mask, SIGPIPE and the soft limit of open files.</summary>
    public static InheritedState Restore() => new(none: default);

    public unsafe void Dispose()
    {
        LibC.sigset_t mask = _mask;
        LibC.rlimit descriptors = _descriptors;
        _ = LibC.pthread_sigmask(LibC.SIG_SETMASK, &mask, null);
        _ = LibC.prlimit(0, LibC.RLIMIT_NOFILE, &descriptors, null);
        if (_ignoredPipe)
        {
            SetPipeSignal(LibC.SIG_DFL, LibC.SIG_IGN);
        }
    }

    // A handler needs no care: the kernel resets it. False when the disposition was another.
    private static unsafe bool SetPipeSignal(nint from, nint to)
    {
        LibC.sigaction action;
        LibC.Check(LibC.sigaction_of(Signal.SIGPIPE.Number, null, &action));
        if (action.sa_handler != from)
        {
            return false;
        }
        action = new LibC.sigaction { sa_handler = to };
        LibC.Check(LibC.sigaction_of(Signal.SIGPIPE.Number, &action, null));
        return true;
    }

    // What the soft limit was before the runtime raised it is told nowhere; but it came from the parent, as the hard
    // one did.
    private static unsafe void LowerDescriptorLimit(LibC.rlimit own)
    {
        LibC.rlimit parent;
        if (own.rlim_cur == own.rlim_max && LibC.getppid() is > 0 and var id
            && LibC.prlimit(id, LibC.RLIMIT_NOFILE, null, &parent) == 0
            && parent.rlim_max == own.rlim_max && parent.rlim_cur < own.rlim_cur)
        {
            _ = LibC.prlimit(0, LibC.RLIMIT_NOFILE, &parent, null);
        }
    }
}
