using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>The words of a topic for an observer, who changes nothing.</summary>
/// <param name="load">Reads one.</param>
internal readonly struct TopicWords(Func<int, ulong> load) : ISharedMemory
{
    public int Slots => SegmentLayout.CapacityMax;

    /// <summary>Those of a file, for an observer who maps nothing.</summary>
    public static TopicWords Of(SafeFileHandle file, int capacity) => new(word =>
    {
        ulong value = 0;
        SegmentFile.ReadFully(file, MemoryMarshal.AsBytes(new Span<ulong>(ref value)), SegmentLayout.State(capacity) + ((long)word * sizeof(ulong)));
        return value;
    });

    public ulong Load(int word) => load(word);

    public void Store(int word, ulong value) => throw Observes();

    public bool CompareExchange(int word, ref ulong expected, ulong value) => throw Observes();

    public bool IsDead(int slot) => throw Observes();

    public int Wake(int word, Waiters waiters, int most) => throw Observes();

    public void PublisherFence() => throw Observes();

    public void SleeperFence() => throw Observes();

    public bool Spin(ref int round) => throw Observes();

    private static InvalidOperationException Observes() => new("An observer changes nothing.");
}
