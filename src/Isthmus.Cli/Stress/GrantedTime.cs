namespace Isthmus.Cli.Stress;

/// <summary>
/// How much of a stretch of time processes could have used: all of it while all of them sleep, otherwise what they got of the CPUs. Where many others
/// want these too, it may be nearly nothing, and that somebody gets nowhere is no fault then.
/// </summary>
internal sealed class GrantedTime
{
    private TimeSpan? _cpuTime;

    /// <summary>The next stretch begins where that one does.</summary>
    public void Forget() => _cpuTime = null;

    /// <summary>How much of a stretch it is.</summary>
    /// <param name="processes">The numbers of the processes.</param>
    /// <param name="stretch">The time since the last look.</param>
    public TimeSpan Of(IEnumerable<int> processes, TimeSpan stretch)
    {
        ThreadInfo[] threads = [.. processes.SelectMany(Threads)];
        TimeSpan cpuTime = new(threads.Sum(static thread => (thread.UserTime + thread.SystemTime).Ticks));
        TimeSpan granted = cpuTime - (_cpuTime ?? cpuTime);
        _cpuTime = cpuTime;
        bool allSleep = !threads.Any(static thread => thread.State == ThreadRunState.Running);
        // Those of a process that has ended since the last look are missing.
        return allSleep || granted > stretch ? stretch : granted > TimeSpan.Zero ? granted : TimeSpan.Zero;
    }

    private static IReadOnlyList<ThreadInfo> Threads(int process)
    {
        try
        {
            return ThreadInfo.Read(process);
        }
        catch (IOException)
        {
            return []; // It ends just now.
        }
    }
}
