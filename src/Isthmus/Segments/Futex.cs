using Isthmus.Native;

namespace Isthmus;

/// <summary>Sleeping on 32 bits of shared memory (<c>futex(2)</c>).</summary>
internal static unsafe class Futex
{
    /// <summary>
    /// Sleeps while the word is <paramref name="expected"/>, until a wake or the deadline. It may return true for a wake that was meant for
    /// what stood in this memory before: look again.
    /// </summary>
    /// <returns>False when the deadline has passed.</returns>
    public static bool Wait(uint* word, uint expected, Deadline deadline)
    {
        LibC.timespec until = deadline.IsNever ? default : deadline.ToTimespec();
        LibC.timespec* timeout = deadline.IsNever ? null : &until;
        while (LibC.futex(word, LibC.FUTEX_WAIT_BITSET, expected, timeout, null, LibC.FUTEX_BITSET_MATCH_ANY) != 0)
        {
            Errno errno = Errno.Last;
            switch (errno)
            {
                // A signal is no wake: who was woken passes a wake on that it does not need.
                case Errno.EINTR:
                    continue;
                case Errno.EAGAIN:
                    return true;
                case Errno.ETIMEDOUT:
                    return false;
                default:
                    throw PosixException.From(errno, "futex");
            }
        }
        return true;
    }

    /// <summary>Wakes at most <paramref name="most"/> of those who sleep on a word.</summary>
    /// <returns>How many they were.</returns>
    public static int Wake(uint* word, int most) =>
        (int)LibC.Check(LibC.futex(word, LibC.FUTEX_WAKE, (uint)most, null, null, 0));
}
