using System.Diagnostics;

namespace Isthmus.Tests.Harness;

/// <summary>For what the kernel or a background task will do soon, and tells nobody when it has.</summary>
internal static class Eventually
{
    /// <summary>Looks again and again until the condition holds; fails when it never does.</summary>
    public static async Task IsTrue(Func<bool> condition)
    {
        Stopwatch clock = Stopwatch.StartNew();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.True(clock.Elapsed < Child.Limit, "The condition did not come true.");
            await timer.WaitForNextTickAsync();
        }
    }
}
