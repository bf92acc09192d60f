namespace Isthmus.Examples;

internal static class PosixSemaphoreExample
{
    public static async Task RunAsync()
    {
        string name = $"/example-{Environment.ProcessId}";
        using PosixSemaphore free = PosixSemaphore.Create(name, initialValue: 2); // 0600; two may work at once.
        try
        {
            // Usually another process, in C with sem_open(name, 0), or a program here that knows the name.
            using PosixSemaphore sameOne = PosixSemaphore.Open(name);
            sameOne.Acquire();
            sameOne.Acquire();
            Console.WriteLine($"free: {free.Value}");
            Console.WriteLine(free.TryAcquire(TimeSpan.FromMilliseconds(20)) ? "got one" : "nothing was free in 20 ms");

            ValueTask waiting = free.AcquireAsync();
            sameOne.Release();
            await waiting;
            Console.WriteLine("got the one that was released");
        }
        finally
        {
            PosixSemaphore.Unlink(name); // Dispose never removes the name.
        }
    }
}

// Prints:
// free: 0
// nothing was free in 20 ms
// got the one that was released
