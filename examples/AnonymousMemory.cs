using System.Runtime.InteropServices;

namespace Isthmus.Examples;

internal static class AnonymousMemoryExample
{
    public static Task RunAsync()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(4096, "example");
        memory.AsSpan<long>(offsetBytes: 64, count: 1)[0] = 42;

        // This process writes, everybody else may only read, and nobody can change the size.
        memory.Seal(MemorySeals.FutureWrite | MemorySeals.Seal);
        Console.WriteLine(memory.Seals & ~MemorySeals.Exec); // That one is the default, since kernel 6.3.

        // The child gets it under the number 3, and reads the number at byte 64.
        using ChildProcess child = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = "od",
            Arguments = ["-A", "n", "-t", "d8", "-j", "64", "-N", "8", "/proc/self/fd/3"],
            Descriptors = new Dictionary<int, SafeHandle> { [3] = memory.Handle },
            StandardOutput = StandardStream.Pipe,
        });
        using StreamReader answer = new(child.StandardOutput);
        Console.WriteLine(answer.ReadToEnd().Trim());
        child.Wait();
        return Task.CompletedTask;
    }
}

// Prints:
// Seal, Shrink, Grow, FutureWrite
// 42
