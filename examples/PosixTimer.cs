using System.Diagnostics;

namespace Isthmus.Examples;

internal static class PosixTimerExample
{
    public static async Task RunAsync()
    {
        using SignalStream signals = SignalStream.Open(Signal.RealTime(2), Signal.SIGALRM);

        // Many timers can share a signal: the value tells which has expired.
        using PosixTimer tick = PosixTimer.Create(Signal.RealTime(2), value: 7);
        long start = Stopwatch.GetTimestamp();
        tick.Set(due: TimeSpan.FromMilliseconds(20), period: TimeSpan.FromMilliseconds(10));
        int expirations = 0;
        while (expirations < 3)
        {
            SignalInfo signal = await signals.ReceiveAsync();
            expirations += 1 + signal.Overruns!.Value; // Those that came while the signal was pending.
            Debug.Assert(signal.Value == 7, "There is no other timer.");
        }
        tick.Stop();
        Console.WriteLine(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(39) ? "three expirations, none early" : "early");

        // alarm(2): the one timer that every process has, and SIGALRM, which would end this process if nobody caught it.
        IntervalTimer.Real.Set(TimeSpan.FromMilliseconds(10));
        Console.WriteLine((await signals.ReceiveAsync()).Signal);
    }
}

// Prints:
// three expirations, none early
// SIGALRM
