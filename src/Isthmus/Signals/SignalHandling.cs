using System.Diagnostics;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The dispositions of this process as the library changes them: who has which signal, and what stood there before.</summary>
internal static class SignalHandling
{
    // Signals that a stream has.
    private static ulong s_taken;

    /// <summary>Guards the dispositions that this library changes, and the masks of all threads.</summary>
    public static Lock Lock { get; } = new();

    public static unsafe LibC.sigaction Read(Signal signal)
    {
        LibC.sigaction action;
        LibC.Check(LibC.sigaction_of(signal.Number, null, &action));
        return action;
    }

    public static unsafe void Write(Signal signal, LibC.sigaction action) =>
        LibC.Check(LibC.sigaction_of(signal.Number, &action, null), signal.Name);

    /// <summary>Whether an action is a function and not one of the two constants.</summary>
    public static bool IsHandler(in LibC.sigaction action) => action.sa_handler is not (LibC.SIG_DFL or LibC.SIG_IGN);

    public static void Set(Signal signal, nint constant)
    {
        lock (Lock)
        {
            if ((s_taken & Bit(signal)) != 0)
            {
                throw new InvalidOperationException($"A SignalStream of this process has {signal}; dispose of it first.");
            }
            Write(signal, new LibC.sigaction { sa_handler = constant });
        }
    }

    /// <summary>Notes that a stream has these signals. The lock is held.</summary>
    /// <exception cref="InvalidOperationException">Another stream has one of them.</exception>
    public static void Take(SignalSet signals)
    {
        Debug.Assert(Lock.IsHeldByCurrentThread, "Two streams could take the same signal.");
        if ((s_taken & signals.Bits) is > 0 and var both)
        {
            throw new InvalidOperationException($"Another SignalStream of this process has {new SignalSet(both)}: a signal goes to one of them.");
        }
        s_taken |= signals.Bits;
    }

    public static void Release(SignalSet signals)
    {
        Debug.Assert(Lock.IsHeldByCurrentThread, "Two streams could take the same signal.");
        s_taken &= ~signals.Bits;
    }

    /// <summary>Refuses what a program cannot or must not catch, block or ignore.</summary>
    /// <exception cref="ArgumentException">The runtime or this library needs it, or it is no signal.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c> it is SIGKILL or SIGSTOP.</exception>
    public static void ThrowIfReserved(Signal signal, string parameter)
    {
        switch (signal.ThrowIfNone().GetReservation())
        {
            case SignalReservation.Kernel:
                throw PosixException.From(
                    Errno.EINVAL, "sigaction", signal.Name, "SIGKILL and SIGSTOP can be neither caught, blocked nor ignored");
            case SignalReservation.Fault:
                throw new ArgumentException($"{signal} is a fault of the thread that runs; the runtime makes an exception of it.", parameter);
            case SignalReservation.Runtime:
                throw new ArgumentException($"{signal} belongs to the .NET runtime. Take SIGRTMIN+1 or a later one.", parameter);
            case SignalReservation.Isthmus:
                throw new ArgumentException($"{signal} interrupts this library's waiting threads. Take an earlier one.", parameter);
            default:
                return;
        }
    }

    private static ulong Bit(Signal signal) => 1ul << (signal.Number - 1);
}
