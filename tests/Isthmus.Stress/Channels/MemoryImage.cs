using System.Buffers.Binary;

namespace Isthmus.Stress.Channels;

/// <summary>The memory of a channel, of which places are chosen to be damaged: those that steer it more often than what it carries.</summary>
/// <param name="bytes">As it should be.</param>
internal sealed class MemoryImage(byte[] bytes)
{
    private const int HeaderBytes = 4096, ControlBytes = 16 * 1024, MutationsMax = 6;

    private static readonly ulong[] s_values =
    [
        0, 1, 2, 7, 8, 63, 64, 255, 4095, 4096, 65535, 65536, int.MaxValue, uint.MaxValue, 1UL << 31, 1UL << 32, 1UL << 47, 1UL << 56, 1UL << 63, long.MaxValue,
        ulong.MaxValue, ulong.MaxValue - 7,
    ];

    public int Length => bytes.Length;

    /// <summary>A copy that is damaged in some places.</summary>
    public byte[] Damaged(Random random)
    {
        byte[] copy = [.. bytes];
        for (int left = random.Next(1, MutationsMax + 1); left > 0; left--)
        {
            int at = Place(random);
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(copy.AsSpan(at));
            BinaryPrimitives.WriteUInt64LittleEndian(copy.AsSpan(at), Changed(random, word));
        }
        return copy;
    }

    /// <summary>The offset of a word.</summary>
    public int Place(Random random)
    {
        int control = (int)SegmentLayout.ControlSize(ChannelSubject.Participants);
        int start = random.Next(8) switch
        {
            0 => random.Next(HeaderBytes),
            1 or 2 or 3 => HeaderBytes + random.Next(ControlBytes - HeaderBytes),
            4 or 5 or 6 => control + random.Next(Math.Min(ControlBytes, Length - control)),
            _ => random.Next(Length),
        };
        return Math.Min(start, Length - sizeof(ulong)) & ~7;
    }

    public static ulong Changed(Random random, ulong word) => random.Next(6) switch
    {
        0 => s_values[random.Next(s_values.Length)],
        1 => word ^ (1UL << random.Next(64)),
        2 => word + (ulong)random.NextInt64(-16, 17),
        3 => word & 0xFFFF_FFFF | (ulong)random.NextInt64() << 32,
        4 => word & ~0xFFFF_FFFFUL | (uint)random.Next(),
        _ => (ulong)random.NextInt64(),
    };
}
