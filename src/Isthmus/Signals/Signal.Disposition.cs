using Isthmus.Native;

namespace Isthmus;

// What happens when it comes.
public readonly partial record struct Signal
{
    /// <summary>True from 34 on: each one sent is queued, in order and with a value; of the others one at a time is pending.</summary>
    public bool IsRealTime => Number >= FirstRealTime;

    /// <summary>What the kernel does unless told otherwise.</summary>
    public SignalAction DefaultAction => Number switch
    {
        3 or 4 or 5 or 6 or 7 or 8 or 11 or 24 or 25 or 31 => SignalAction.CoreDump,
        17 or 23 or 28 => SignalAction.Ignore,
        18 => SignalAction.Continue,
        19 or 20 or 21 or 22 => SignalAction.Stop,
        _ => SignalAction.Terminate,
    };

    /// <summary>
    /// Whether it is free to be caught, blocked and ignored. The first question about a real-time signal fixes which one this library keeps
    /// for itself: the last that has no handler.
    /// </summary>
    public SignalReservation GetReservation() => Number switch
    {
        9 or 19 => SignalReservation.Kernel,
        4 or 5 or 6 or 7 or 8 or 11 or 31 => SignalReservation.Fault,
        FirstRealTime => SignalReservation.Runtime,
        > FirstRealTime when InterruptSignal.Is(Number) => SignalReservation.Isthmus,
        _ => SignalReservation.None,
    };

    /// <summary>What this process does with it now.</summary>
    /// <exception cref="ArgumentException">It is no signal but the default value of the type.</exception>
    public SignalDisposition GetDisposition() => SignalHandling.Read(ThrowIfNone()).sa_handler switch
    {
        LibC.SIG_DFL => SignalDisposition.Default,
        LibC.SIG_IGN => SignalDisposition.Ignore,
        _ => SignalDisposition.Catch,
    };

    /// <summary>
    /// Changes what this process does with it, in all threads. To catch it, open a <see cref="SignalStream"/>. A handler of the runtime
    /// or of a library is replaced and not put back: its <c>PosixSignalRegistration</c>s no longer hear of the signal.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// <see cref="SignalDisposition.Catch"/>; or a signal that the runtime or this library needs, SIGCHLD included.
    /// </exception>
    /// <exception cref="InvalidOperationException">A <see cref="SignalStream"/> has it.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c> SIGKILL and SIGSTOP cannot be changed.</exception>
    public void SetDisposition(SignalDisposition disposition)
    {
        SignalHandling.ThrowIfReserved(this, nameof(disposition));
        if (this == SIGCHLD)
        {
            throw new ArgumentException("Without its handler of SIGCHLD the runtime does not see children end.", nameof(disposition));
        }
        SignalHandling.Set(this, disposition switch
        {
            SignalDisposition.Default => LibC.SIG_DFL,
            SignalDisposition.Ignore => LibC.SIG_IGN,
            _ => throw new ArgumentException("Default or Ignore; to catch a signal, open a SignalStream.", nameof(disposition)),
        });
    }

    /// <summary>This signal, unless it is none.</summary>
    internal Signal ThrowIfNone() =>
        Number != 0 ? this : throw new ArgumentException("This is no signal but the default value of the type.");
}
