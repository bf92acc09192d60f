namespace Isthmus.Examples;

internal static class WaitAnyExample
{
    public static async Task RunAsync()
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using TimerFd timer = TimerFd.Create();
        timer.Set(TimeSpan.FromMilliseconds(20));

        WaitSource<SharedMutexScope> entry = mutex.ToWaitSource();
        WaitSource expiry = WaitSource.Readable(timer.Handle);

        using (mutex.Enter())
        {
            Console.WriteLine(await WaitAny.WaitAsync([entry, expiry]) == 0 ? "entered" : "the timer was first");
        }
        Console.WriteLine(WaitAny.Wait(entry, expiry) == 0 ? "entered" : "the timer was first");
        entry.Result.Dispose();
    }
}

// Prints:
// the timer was first
// entered
