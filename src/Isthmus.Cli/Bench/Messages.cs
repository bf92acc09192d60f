namespace Isthmus.Cli.Bench;

/// <summary>
/// The bytes that travel. They come from a seed that both processes know and that is new for every round, and neighbours
/// differ: what arrives can be compared byte for byte, and yesterday's bytes in a buffer cannot pass for today's.
/// The same generator and the same numbers stand in bench/reference/reference.h.
/// </summary>
internal sealed class Messages
{
    /// <summary>The longest message of any suite, in bytes.</summary>
    public const int SizeMax = 4 << 20;

    // Message i starts i strides into one block of noise: making the next message costs nothing inside the timed loop.
    private const int Stride = 64;
    private const int Variants = 64;
    private const int BatchLaps = 4;

    private const int LatencyRingBytes = 1 << 20;
    private const int ThroughputRingBytes = 1 << 22;

    private readonly byte[] _source;

    public Messages(int size, ulong seed)
    {
        Size = size;
        _source = GC.AllocateUninitializedArray<byte>(size + (Stride * Variants));
        ulong state = seed | 1; // Zero would stay zero.
        foreach (ref byte b in _source.AsSpan())
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // Never 0, never 255: eight such bytes are a value that an eventfd takes.
            b = (byte)(1 + ((state >> 32) % 251));
        }
    }

    /// <summary>The largest ring that any size needs.</summary>
    public static int RingBytesMax => ThroughputSlots(SizeMax) * SizeMax;

    public int Size { get; }

    /// <summary>How many messages go there and back before the clock is stopped and all of them are compared.</summary>
    public static int LatencySlots(int size) => Math.Clamp(LatencyRingBytes / size, 4, 256);

    /// <summary>How many messages are sent before the clock is stopped and all of them are compared.</summary>
    public static int ThroughputSlots(int size) => Math.Clamp(ThroughputRingBytes / size, 4, 8192);

    /// <summary>The same, of a mechanism that carries millions a second: the moment in which both sides start counts for nothing.</summary>
    public static int InMemorySlots(int size) => Math.Clamp(ThroughputRingBytes / size, 4, 32768);

    public ReadOnlyMemory<byte> At(int index) => _source.AsMemory(index % Variants * Stride, Size);

    /// <summary>The first messages, one after the other: so many that what follows them is the same again.</summary>
    public byte[] Batch()
    {
        byte[] batch = new byte[Variants * BatchLaps * Size];
        for (int i = 0; i < Variants * BatchLaps; i++)
        {
            SpanAt(i).CopyTo(batch.AsSpan(i * Size));
        }
        return batch;
    }

    public ReadOnlySpan<byte> SpanAt(int index) => _source.AsSpan(index % Variants * Stride, Size);

    /// <summary>How many of the received messages are not what was sent. Clears them: an old message must not pass for a new one.</summary>
    public int CountWrong(Span<byte> ring, int count)
    {
        int wrong = 0;
        for (int i = 0; i < count; i++)
        {
            wrong += ring.Slice(i * Size, Size).SequenceEqual(SpanAt(i)) ? 0 : 1;
        }
        ring[..(count * Size)].Clear();
        return wrong;
    }
}
