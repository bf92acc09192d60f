using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>
/// Tells which semaphore each thread uses in a call that never sleeps, so that whoever gives its memory back waits for the end of that
/// call. It does what a count of references does, without the interlocked instructions, which would cost as much as the call itself.
/// </summary>
/// <remarks>
/// A thread writes the address into its own word, then looks whether the semaphore is closed. The one who closes sets that, then makes
/// all threads pass a barrier, then looks at their words: whichever comes first is seen by the other (hazard pointers with an
/// asymmetric fence, membarrier(2)).
/// </remarks>
internal sealed class ShortUse
{
    private static readonly Lock s_lock = new();
    private static readonly List<WeakReference<ShortUse>> s_all = [];

    [ThreadStatic]
    private static ShortUse? t_current;

    private nint _address;

    /// <summary>From here to <see cref="End"/> the semaphore's memory stays, and nothing in between may sleep or throw.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ShortUse Begin(SemaphoreAddress semaphore)
    {
        ShortUse use = t_current ?? Register();
        // Pairs with the barrier in WaitForEnd.
        Volatile.Write(ref use._address, semaphore.Address);
        if (semaphore.IsClosed)
        {
            ThrowClosed(use);
        }
        return use;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void End() => Volatile.Write(ref _address, 0);

    /// <summary>Waits until no thread uses a semaphore that is closed already.</summary>
    public static void WaitForEnd(nint address)
    {
        Interlocked.MemoryBarrierProcessWide();
        lock (s_lock)
        {
            foreach (WeakReference<ShortUse> entry in s_all)
            {
                SpinWait spin = default;
                while (entry.TryGetTarget(out ShortUse? use) && Volatile.Read(ref use._address) == address)
                {
                    spin.SpinOnce();
                }
            }
        }
    }

    // Not inlined: the way that is always taken stays short.
    private static void ThrowClosed(ShortUse use)
    {
        use.End();
        throw new ObjectDisposedException(typeof(PosixSemaphore).FullName);
    }

    private static ShortUse Register()
    {
        ShortUse use = new();
        lock (s_lock)
        {
            // Those of threads that have ended.
            s_all.RemoveAll(static entry => !entry.TryGetTarget(out _));
            s_all.Add(new WeakReference<ShortUse>(use));
        }
        return t_current = use;
    }
}
