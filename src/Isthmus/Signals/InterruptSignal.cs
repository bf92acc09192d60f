using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// The signal that gets a thread of ours out of a blocking system call (EINTR). It is the last real-time signal that nobody
/// has a handler for, and is taken when it is first needed; <see cref="Is"/> lets others keep away from it.
/// </summary>
internal static class InterruptSignal
{
    private static int s_number;
    private static bool s_isTaken;
    private static object? s_lock;

    // Tried again after a failure: a handler may have been removed.
    public static int Number => LazyInitializer.EnsureInitialized(ref s_number, ref s_isTaken, ref s_lock, Take);

    /// <summary>Whether it is the signal that is or would be taken.</summary>
    public static bool Is(int number) => number == Number;

    // The handler must do nothing, and managed code must never run as one. getpid does nothing, in any thread at any moment
    // (signal-safety(7)). Without SA_RESTART, so that the call ends.
    private static unsafe int Take()
    {
        nint handler = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "getpid");
        // 30 is SIGRTMAX; 0, SIGRTMIN, belongs to the runtime.
        for (int offset = 30; offset > 0; offset--)
        {
            int number = Signal.RealTime(offset).Number;
            LibC.sigaction found;
            LibC.Check(LibC.sigaction_of(number, null, &found));
            if (found.sa_handler == LibC.SIG_DFL)
            {
                LibC.sigaction ours = new() { sa_handler = handler };
                LibC.Check(LibC.sigaction_of(number, &ours, null));
                return number;
            }
        }
        throw new InvalidOperationException("Every real-time signal has a handler: none is left to interrupt waiting threads with.");
    }
}
