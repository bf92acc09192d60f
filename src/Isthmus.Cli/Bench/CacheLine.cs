using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>
/// One cache line there and back between two processes: both spin on one word of shared memory, odd values for the peer, even
/// ones for us. Nothing that passes data from CPU to CPU can be faster.
/// </summary>
internal static class CacheLine
{
    private const string Role = "cache-line";
    private const int Bytes = 4096;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.AddRole(Role, (peer, order) =>
    {
        using AnonymousMemory memory = AnonymousMemory.FromHandle(order.Handles[0]);
        Placement.Pin(order.Int(1));
        peer.Answer();
        Return(memory.AsSpan<int>(0, 1), order.Int(0));
        peer.Answer();
    });

    /// <summary>The time of one exchange in ns.</summary>
    public static double Measure(PeerProcess peer, int count)
    {
        using AnonymousMemory memory = AnonymousMemory.Create(Bytes);
        peer.Send(Role, memory.Handle, count, Placement.Second);
        peer.Receive();
        Placement.Pin(Placement.First);
        long start = Stopwatch.GetTimestamp();
        Serve(memory.AsSpan<int>(0, 1), count);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Placement.Pin(Placement.Anywhere);
        peer.Receive();
        return elapsed.TotalNanoseconds / count;
    }

    private static void Serve(Span<int> memory, int count)
    {
        ref int word = ref memory[0];
        for (int i = 0; i < count; i++)
        {
            Volatile.Write(ref word, (2 * i) + 1); // Release: pairs with the acquire in Return.
            while (Volatile.Read(ref word) != (2 * i) + 2)
            {
                // No pause: the wait is shorter than one.
            }
        }
    }

    private static void Return(Span<int> memory, int count)
    {
        ref int word = ref memory[0];
        for (int i = 0; i < count; i++)
        {
            while (Volatile.Read(ref word) != (2 * i) + 1)
            {
            }
            Volatile.Write(ref word, (2 * i) + 2);
        }
    }
}
