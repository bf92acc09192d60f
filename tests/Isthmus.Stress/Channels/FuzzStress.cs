using System.Diagnostics;

namespace Isthmus.Stress.Channels;

/// <summary>
/// Opens and uses channels whose memory is damaged, in places chosen by a seed: <c>fuzz --count 1000000 [SEED [KIND]]</c>. Each use ends in time, with a
/// documented error or none, and allocates little; a crash ends the run.
/// </summary>
internal static class FuzzStress
{
    private const long AllocationMax = 4 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(0.2), s_limit = TimeSpan.FromSeconds(10);

    public static Task RunAsync(int count, string[] rest)
    {
        int seed = rest is [string text, ..] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 7;
        string? only = rest is [_, string kind] ? kind : null;
        foreach (ChannelSubject subject in ChannelSubject.All.Where(subject => only is null || subject.Name == only))
        {
            Run(subject, count / ChannelSubject.All.Count, seed);
        }
        return Task.CompletedTask;
    }

    private static void Run(ChannelSubject subject, int count, int seed)
    {
        MemoryImage image = new(subject.MakeImage());
        Outcomes outcomes = new();
        long most = 0;
        long start = Stopwatch.GetTimestamp();
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, round =>
        {
            byte[] damaged = image.Damaged(new Random(HashCode.Combine(seed, round)));
            long before = GC.GetAllocatedBytesForCurrentThread(), begun = Stopwatch.GetTimestamp();
            using AnonymousMemory memory = SealedMemory.Of(damaged);
            outcomes.Count(() => subject.Use(memory.Handle, s_patience), () => $"{subject.Name}, seed {seed}, round {round}");
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (Stopwatch.GetElapsedTime(begun) > s_limit || allocated > AllocationMax)
            {
                throw new InvalidOperationException(
                    $"{subject.Name}, seed {seed}, round {round}: {Stopwatch.GetElapsedTime(begun)}, {allocated} bytes allocated.");
            }
            InterlockedMax(ref most, allocated);
        });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"{subject.Name}: {count} damaged memories in {seconds:0} s, at most {most / 1024} KiB allocated: {outcomes}");
    }

    private static void InterlockedMax(ref long most, long value)
    {
        long seen = Volatile.Read(ref most);
        while (value > seen && Interlocked.CompareExchange(ref most, value, seen) is long found && found != seen)
        {
            seen = found;
        }
    }
}
