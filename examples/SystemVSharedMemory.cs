using System.Text;

namespace Isthmus.Examples;

internal static class SystemVSharedMemoryExample
{
    public static Task RunAsync()
    {
        // With a key that both sides know, such as SystemVKey.FromFile(path), the other one needs no id.
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(SystemVKey.Private, 4096);
        try
        {
            "hello"u8.CopyTo(memory.Span);

            // Usually in another process; in C: shmat(id, NULL, SHM_RDONLY).
            using SystemVSharedMemory reader = SystemVSharedMemory.Open(memory.Id, new() { Access = MemoryAccess.Read });
            Console.WriteLine(Encoding.UTF8.GetString(reader.ReadOnlySpan[..5]));
            Console.WriteLine($"attached {memory.Stat().AttachedCount} times");
        }
        finally
        {
            memory.Remove(); // It lives until the last has detached it.
        }
        return Task.CompletedTask;
    }
}

// Prints:
// hello
// attached 2 times
