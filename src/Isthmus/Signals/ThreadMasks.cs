using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// The signal masks of all threads of this process, which the kernel lets each thread change for itself only: a handler is sent to
/// each that changes the mask in the frame that it returns to. New threads have the mask of their maker. Under <see cref="SignalHandling.Lock"/>.
/// </summary>
internal static class ThreadMasks
{
    // A thread that is being traced never runs its handler.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    // libc and the runtime block all signals for the moment in which they start a thread or a process, and then set the old mask
    // again, also in the new thread. A thread that has them blocked for longer has them so for good.
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(100);
    private static readonly SignalSet s_full = new(~SignalSet.Create(new Signal(9), new Signal(19)).Bits & ~(0b11ul << 31));

    /// <summary>Blocks the signals, whose handler is <see cref="HandlerPage.Block"/>, in every thread; those that had one of them blocked before.</summary>
    public static HashSet<int> Block(SignalSet signals)
    {
        HashSet<int> before =
        [
            .. from thread in Threads()
               where thread.Blocked.Intersect(signals).Count > 0 && !IsFull(thread.Blocked)
               select thread.ThreadId,
        ];
        UntilQuiet(thread =>
        {
            SignalSet missing = signals.Except(thread.Blocked);
            foreach (Signal signal in missing)
            {
                Send(signal, thread);
            }
            return missing.Count == 0;
        });
        return before;
    }

    /// <summary>Unblocks the signals in every thread but <paramref name="except"/>.</summary>
    public static void Unblock(SignalSet signals, HashSet<int> except)
    {
        Signal interrupt = new(InterruptSignal.Number);
        LibC.sigaction before = SignalHandling.Read(interrupt);
        // For once with SA_RESTART, so that fewer calls of others see EINTR. Who waits to be interrupted is so a millisecond later.
        SignalHandling.Write(interrupt, new LibC.sigaction
        {
            sa_handler = HandlerPage.Instance.Unblock,
            sa_flags = LibC.SA_SIGINFO | LibC.SA_RESTART,
        });
        Volatile.Write(ref HandlerPage.Instance.UnblockMask, signals.Bits);
        try
        {
            UntilQuiet(thread =>
            {
                bool isDone = except.Contains(thread.ThreadId) || thread.Blocked.Intersect(signals).Count == 0;
                if (!isDone)
                {
                    Send(interrupt, thread);
                }
                return isDone;
            });
        }
        finally
        {
            // Whatever happens: with SA_RESTART no timed wait would ever end.
            SignalHandling.Write(interrupt, before);
            Volatile.Write(ref HandlerPage.Instance.UnblockMask, 0);
        }
    }

    // A second one would stay pending behind the first, and be received as a signal. A thread that has ended is no error.
    private static void Send(Signal signal, SignalState thread)
    {
        if (!thread.Pending.Contains(signal))
        {
            _ = LibC.tgkill(Environment.ProcessId, thread.ThreadId, signal.Number);
        }
    }

    // A thread that was made during a pass may be missing in it, so that two in a row must find nothing to do.
    private static void UntilQuiet(Func<SignalState, bool> isDone)
    {
        Deadline patience = Deadline.After(s_patience), moment = Deadline.After(s_moment);
        int quiet = 0;
        while (quiet < 2 && !patience.HasPassed)
        {
            bool all = true;
            foreach (SignalState thread in Threads())
            {
                bool isDoneWith = isDone(thread);
                all &= IsFull(thread.Blocked) ? moment.HasPassed : isDoneWith;
            }
            quiet = all ? quiet + 1 : 0;
            if (!all)
            {
                Thread.Sleep(1); // For the threads to run their handlers.
            }
        }
    }

    private static bool IsFull(SignalSet blocked) => s_full.Except(blocked).Count == 0;

    private static IEnumerable<SignalState> Threads()
    {
        foreach (int id in ThreadInfo.TaskIds(Environment.ProcessId))
        {
            if (SignalState.TryReadThread(Environment.ProcessId, id, out SignalState? thread))
            {
                yield return thread;
            }
        }
    }
}
