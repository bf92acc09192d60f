namespace Isthmus.Cli.Bench;

/// <summary>Memory of the timed loops, made once and touched, so that no loop allocates or meets a page for the first time.</summary>
internal sealed class Workspace
{
    private const int SamplesMax = 1 << 17;

    public Workspace()
    {
        Ring.AsSpan().Fill(1);
        Samples.AsSpan().Fill(1);
    }

    public byte[] Ring { get; } = new byte[Messages.RingBytesMax];

    public long[] Ticks { get; } = new long[Messages.LatencySlots(1)];

    public long[] Samples { get; } = new long[SamplesMax];

    /// <summary>How many chunks of round trips fit into <see cref="Samples"/>.</summary>
    public static int ChunksMax(int size) => SamplesMax / Messages.LatencySlots(size);

    public static ulong NewSeed() => (ulong)Random.Shared.NextInt64();
}
