using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Channels;

/// <summary>
/// Streams whose memory was changed at random, anywhere, are opened and used: they are refused, end with a documented error, or work. Some in each test
/// run, as many as asked for in <c>Isthmus.Stress</c>.
/// </summary>
public sealed class StreamFuzzTests
{
    private const int CountDefault = 2000;

    private static readonly int s_count = int.TryParse(
        Environment.GetEnvironmentVariable("ISTHMUS_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : CountDefault;

    private readonly byte[] _buffer = new byte[3000];

    [Fact]
    public void A_mutated_stream_is_refused_or_harmless()
    {
        using SafeFileHandle memory = SharedStream.PrepareUnnamed(new() { CapacityBytes = SharedStream.CapacityMin });
        byte[] whole = new byte[(int)RandomAccess.GetLength(memory)];
        RandomAccess.Read(memory, whole, 0);
        int refused = 0;
        for (int seed = 0; seed < s_count; seed++)
        {
            RandomAccess.Write(memory, whole, 0);
            refused += IsRefused(memory, new Random(seed), seed) ? 1 : 0;
        }
        Assert.InRange(refused, s_count / 20, s_count - (s_count / 20));
    }

    private bool IsRefused(SafeFileHandle memory, Random random, int seed)
    {
        Mutate(memory, random);
        try
        {
            using SharedStream first = SharedStream.OpenUnnamed(memory);
            using SharedStream second = SharedStream.OpenUnnamed(memory);
            foreach (SharedStream end in (SharedStream[])[first, second, first, second])
            {
                MutateState(memory, first.Segment.Capacity, random);
                Use(() => end.TryRead(_buffer, out _), seed);
                Use(() => end.TryWrite(_buffer.AsSpan(0, random.Next(_buffer.Length)), TimeSpan.Zero, out _), seed);
                Use(() => _ = end.GetStatus().First.BytesUnread, seed);
            }
            return false;
        }
        catch (Exception error) when (IsDocumented(error))
        {
            return true;
        }
    }

    private static void Use(Action use, int seed)
    {
        Exception? error = Record.Exception(use);
        Assert.True(error is null || IsDocumented(error), $"seed {seed}: {error}");
    }

    // EBUSY: an end that was had; EUSERS: slots that somebody has.
    private static bool IsDocumented(Exception error) =>
        error is InvalidDataException or PosixException { Errno: Errno.EPIPE or Errno.EBUSY or Errno.EUSERS };

    // One to three places: mostly where something stands.
    private static void Mutate(SafeFileHandle memory, Random random)
    {
        for (int times = random.Next(3); times >= 0; times--)
        {
            int place = random.Next(4) switch
            {
                0 => random.Next(1280 / sizeof(ulong)),
                1 => (SegmentLayout.HeaderSize / sizeof(ulong)) + random.Next(8 * SegmentLayout.RecordSize / sizeof(ulong)),
                _ => (SegmentLayout.State(8) / sizeof(ulong)) + random.Next(5 * StateLayout.WordsPerLine),
            };
            RandomAccess.Write(memory, BitConverter.GetBytes(Value(random)), place * sizeof(ulong));
        }
    }

    private static void MutateState(SafeFileHandle memory, int capacity, Random random)
    {
        if (random.Next(2) == 0)
        {
            RandomAccess.Write(
                memory, BitConverter.GetBytes(Value(random)), SegmentLayout.State(capacity) + (random.Next(5 * StateLayout.WordsPerLine) * sizeof(ulong)));
        }
    }

    private static ulong Value(Random random) => random.Next(5) switch
    {
        0 => (ulong)random.NextInt64() << 1,
        1 => (uint)random.Next(3 * SharedStream.CapacityMin),
        2 => 1UL << random.Next(64),
        3 => ulong.MaxValue >> random.Next(64),
        _ => (1UL << 63) | (uint)random.Next(SharedStream.CapacityMin),
    };
}
