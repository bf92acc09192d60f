namespace Isthmus.Examples;

internal static class ThreadsExample
{
    public static async Task RunAsync()
    {
        TaskCompletionSource<ThreadInfo> seen = new();
        Thread worker = new(() =>
        {
            CurrentThread.Name = "worker-1";
            CurrentThread.Affinity = new CpuSet(CurrentThread.Affinity.First());
            CurrentThread.SetScheduling(SchedulingPolicy.Batch);
            int id = CurrentThread.Id;
            Thread.Sleep(1);
            seen.SetResult(ThreadInfo.Read(Environment.ProcessId).Single(thread => thread.Id == id));
            Console.WriteLine($"{CurrentThread.Policy} on {CurrentThread.Affinity.Count} CPU, waited: {CurrentThread.VoluntarySwitches > 0}");
        });
        worker.Start();
        worker.Join();

        ThreadInfo info = await seen.Task;
        Console.WriteLine($"{info.Name}: {info.State}");
    }
}

// Prints:
// Batch on 1 CPU, waited: True
// worker-1: Running
