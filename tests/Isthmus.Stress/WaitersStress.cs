using System.Diagnostics;

namespace Isthmus.Stress;

/// <summary>
/// What it costs that many await mutexes in shared memory: <c>waiters --count 10000</c> makes a tenth as many mutexes. It prints threads and memory, and how
/// long after the exit of one the next runs.
/// </summary>
internal static class WaitersStress
{
    private const int WaitersEach = 10;

    public static async Task RunAsync(int count)
    {
        SharedMutex[] mutexes = [.. Enumerable.Range(0, count / WaitersEach).Select(_ => SharedMutex.CreateUnnamed())];
        SharedMutexScope[] scopes = [.. mutexes.Select(mutex => mutex.Enter())];
        long[] left = new long[mutexes.Length];
        List<double> latencies = [];
        (int threads, long memory) = Footprint();
        Task[] waiters = [.. Enumerable.Range(0, mutexes.Length * WaitersEach).Select(i => TakeTurnAsync(i / WaitersEach))];
        (int threadsThen, long memoryThen) = Footprint();
        foreach ((int index, SharedMutexScope scope) in scopes.Index())
        {
            // One after the other: what is measured is a wake, not a queue.
            left[index] = Stopwatch.GetTimestamp();
            scope.Dispose();
            await Task.WhenAll(waiters[(index * WaitersEach)..((index + 1) * WaitersEach)]);
        }
        latencies.Sort();
        Console.WriteLine($"{waiters.Length} waiters on {mutexes.Length} mutexes: {threadsThen - threads} more threads, "
            + $"{(memoryThen - memory) / (double)waiters.Length:F0} B of managed memory each.");
        Console.WriteLine($"From the exit of one to the next in it: p50 {Percentile(latencies, 50):F1} µs, p99 {Percentile(latencies, 99):F1} µs.");
        Array.ForEach(mutexes, mutex => mutex.Dispose());

        async Task TakeTurnAsync(int index)
        {
            using SharedMutexScope scope = await mutexes[index].EnterAsync();
            lock (latencies)
            {
                latencies.Add(Stopwatch.GetElapsedTime(left[index]).TotalMicroseconds);
            }
            left[index] = Stopwatch.GetTimestamp();
        }
    }

    private static (int Threads, long Memory) Footprint() =>
        (Directory.GetDirectories("/proc/self/task").Length, GC.GetTotalMemory(forceFullCollection: true));

    private static double Percentile(List<double> sorted, int percent) => sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
}
