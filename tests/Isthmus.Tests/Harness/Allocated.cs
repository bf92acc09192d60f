namespace Isthmus.Tests.Harness;

/// <summary>What calls allocate in a steady state. For tests in the collection <see cref="Alone"/>.</summary>
internal static class Allocated
{
    private const int Rounds = 1000;
    private const int Batches = 20;

    /// <summary>
    /// Bytes that the calling thread allocates by something that it does often, of the best of several times: what a call allocates shows in all of them,
    /// while a lock of the runtime that is contended for the first time, or code that is compiled anew, shows in one.
    /// </summary>
    public static long ByThisThread(Action run)
    {
        long least = long.MaxValue;
        for (int batch = 0; batch < Batches && least > 0; batch++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    /// <summary>
    /// Bytes a round, of the best of several batches: what each round allocates shows in all of them, while the thread pool's queue
    /// that grows shows in some.
    /// </summary>
    public static async Task<long> PerRoundAsync(Func<int, Task> run)
    {
        await run(200);
        long least = long.MaxValue;
        for (int batch = 0; batch < Batches && least > 0; batch++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await run(Rounds);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Rounds);
        }
        return least;
    }
}
