using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>What is sent with a signal that carries a value (<c>sigqueue(3)</c>), and what it means when that fails.</summary>
internal static class SignalQueue
{
    /// <summary>As libc fills it in: that we sent it.</summary>
    public static LibC.siginfo_t Info(Signal signal, nint value) => new()
    {
        si_signo = signal.Number,
        si_code = LibC.SI_QUEUE,
        si_pid = LibC.getpid(),
        si_uid = LibC.getuid(),
        si_ptr = value,
    };

    /// <summary>False when the receiver has ended; anything else is thrown.</summary>
    public static bool Failed(string call, int receiver) => Errno.Last switch
    {
        Errno.ESRCH => false,
        Errno.EAGAIN => throw Full(call),
        Errno errno => throw PosixException.From(errno, call, receiver.ToString(CultureInfo.InvariantCulture)),
    };

    public static Exception Full(string call)
    {
        SignalState own = SignalState.Read(Environment.ProcessId);
        string counts = string.Create(CultureInfo.InvariantCulture, $"{own.QueuedCount}, and this process may have {own.QueuedMax}");
        return PosixException.From(
            Errno.EAGAIN, call, null, $"The user has too many signals queued ({counts}). Wait until some are received, or raise RLIMIT_SIGPENDING");
    }
}
