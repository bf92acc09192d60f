namespace Isthmus.Examples;

internal static class PosixSharedMemoryExample
{
    public static Task RunAsync()
    {
        string name = $"/example-{Environment.ProcessId}";

        // Whoever comes first makes it, and the first content is there before the name is: whoever opens it, finds it finished.
        MemoryCreateOptions options = new() { Initialize = memory => memory.AsSpan<long>(offsetBytes: 64, count: 1)[0] = 41 };
        using PosixSharedMemory memory = PosixSharedMemory.OpenOrCreate(name, 4096, options);
        try
        {
            Interlocked.Increment(ref memory.AsSpan<long>(offsetBytes: 64, count: 1)[0]);

            // Usually in another process; in C: shm_open(name, O_RDONLY, 0), fstat, mmap.
            using PosixSharedMemory reader = PosixSharedMemory.Open(name, new() { Access = MemoryAccess.Read });
            Console.WriteLine($"{reader.Length} bytes, and the number is {reader.AsReadOnlySpan<long>(64, 1)[0]}");
        }
        finally
        {
            PosixSharedMemory.Unlink(name);
        }
        return Task.CompletedTask;
    }
}

// Prints:
// 4096 bytes, and the number is 42
