using System.Diagnostics;

namespace Isthmus;

/// <summary>
/// Waiting where more producers and consumers take part than there are CPUs: he for whom one waits may well have none, and looking again takes it away
/// from him. So one lets others run instead, as long as that are the queue's own. On a machine that is full of other work one comes back too late, and
/// sleeps: who is woken is soon given a CPU. Threads may meet in it: then it is not exact.
/// </summary>
internal struct QueueCrowd
{
    // Yields in a row before one sleeps; waits without one after one that took too long.
    private const int YieldsMax = 20, Sleeps = 64;

    // Of the queue's own, each runs until a lane is full or all are empty: much shorter than a slice of the scheduler.
    private static readonly TimeSpan s_slice = TimeSpan.FromMilliseconds(1);

    private int _sleeps;

    /// <summary>Lets others run; false when one should sleep now.</summary>
    /// <param name="round">How often that was done in this wait.</param>
    public bool TryYield(ref int round)
    {
        if (round++ == 0 && _sleeps > 0)
        {
            _sleeps--;
            return false;
        }
        if (round > YieldsMax || _sleeps > 0)
        {
            return false;
        }
        long start = Stopwatch.GetTimestamp();
        Thread.Yield();
        if (Stopwatch.GetElapsedTime(start) > s_slice)
        {
            _sleeps = Sleeps;
        }
        return true;
    }
}
