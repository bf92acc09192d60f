using System.Diagnostics;

namespace Isthmus.Stress;

/// <summary>
/// Thousands of children by every path: waited for, disposed of without waiting, captured, guarded, from two threads at once, while
/// System.Diagnostics.Process starts its own. No zombie and no descriptor may stay, and every status must be right.
/// </summary>
internal static class SpawnStress
{
    private static readonly Func<int, Task>[] s_ways = [WaitAsync, ForgetAsync, CaptureAsync, GuardAsync, OtherAsync];

    public static async Task RunAsync(int count)
    {
        await RunSomeAsync(s_ways.Length); // Starts what stays for good: event loop, guardian, thread pool.
        Console.WriteLine($"{count} children by {s_ways.Length} ways"); // Opens the console, too.
        Footprint before = Footprint.Now();
        Stopwatch clock = Stopwatch.StartNew();

        await Task.WhenAll(Task.Run(() => RunSomeAsync(count / 2)), Task.Run(() => RunSomeAsync(count - (count / 2))));

        clock.Stop();
        Footprint after = await SettledAsync(before);
        Console.WriteLine($"took {clock.Elapsed.TotalSeconds:F1} s: {count / clock.Elapsed.TotalSeconds:F0} per second");
        Console.WriteLine($"before: {before}");
        Console.WriteLine($"after:  {after}");
        Require(after.ZombieCount == 0, "A zombie stayed.");
        Require(after.DescriptorCount <= before.DescriptorCount, "A descriptor stayed.");
    }

    private static async Task RunSomeAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await s_ways[i % s_ways.Length](i);
        }
    }

    private static Task WaitAsync(int number)
    {
        using ChildProcess child = ChildProcess.Start("/bin/sh", "-c", $"exit {number % 256}");
        Require(child.Wait().Code == number % 256, "A status was wrong.");
        return Task.CompletedTask;
    }

    private static Task ForgetAsync(int number)
    {
        ChildProcess.Start("/bin/true").Dispose();
        return Task.CompletedTask;
    }

    private static async Task CaptureAsync(int number)
    {
        CapturedOutput result = await ChildProcess.RunAsync("/bin/echo", [$"{number}"]);
        Require(result.OutputText == $"{number}\n", "An output was wrong.");
    }

    private static async Task GuardAsync(int number)
    {
        using ChildProcess child = ChildProcess.Start(new ChildProcessOptions { FileName = "/bin/true", DiesWithParent = true, Nice = 1 });
        Require((await child.WaitAsync()).IsSuccess, "A status was wrong.");
    }

    private static async Task OtherAsync(int number)
    {
        using Process process = Process.Start("/bin/sh", ["-c", $"exit {number % 256}"]);
        await process.WaitForExitAsync();
        Require(process.ExitCode == number % 256, "A status of System.Diagnostics.Process was wrong.");
    }

    // Children that were disposed of are reaped in the background.
    private static async Task<Footprint> SettledAsync(Footprint before)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        Footprint now = Footprint.Now();
        for (int look = 0; look < 50 && (now.ZombieCount > 0 || now.DescriptorCount > before.DescriptorCount); look++)
        {
            await timer.WaitForNextTickAsync();
            now = Footprint.Now();
        }
        return now;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
