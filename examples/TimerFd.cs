using System.Diagnostics;

namespace Isthmus.Examples;

internal static class TimerFdExample
{
    public static async Task RunAsync()
    {
        using TimerFd timer = TimerFd.Create(TimerClock.BootTime);

        long start = Stopwatch.GetTimestamp();
        timer.Set(due: TimeSpan.FromMilliseconds(20), period: TimeSpan.FromMilliseconds(10));
        ulong expirations = 0;
        while (expirations < 3)
        {
            expirations += await timer.ReadAsync(); // More than 1 when we were slow: none is lost.
        }
        Console.WriteLine(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(40) ? "three expirations, none early" : "early");

        timer.Stop();
        Console.WriteLine(timer.TryRead(TimeSpan.FromMilliseconds(30), out _) ? "still running" : "stopped");
    }
}

// Prints:
// three expirations, none early
// stopped
