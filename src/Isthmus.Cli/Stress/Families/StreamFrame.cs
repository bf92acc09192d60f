using System.Buffers.Binary;
using System.Globalization;

namespace Isthmus.Cli.Stress.Families;

/// <summary>
/// A frame of bytes: who has written it, its number, how long it is, a checksum of all that; then bytes that follow from the first two.
/// </summary>
internal static class StreamFrame
{
    public const int HeaderSize = 4 * sizeof(long), SizeMax = HeaderSize + PayloadMax;

    private const int PayloadMax = 3000;

    /// <summary>Makes one; its size.</summary>
    public static int Make(Span<byte> frame, long producer, long number, int payload)
    {
        BinaryPrimitives.WriteInt64LittleEndian(frame, producer);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], number);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], payload);
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], Sum(producer, number, payload));
        for (int at = 0; at < payload; at++)
        {
            frame[HeaderSize + at] = Byte(producer, number, at);
        }
        return HeaderSize + payload;
    }

    /// <summary>A payload's length, at random: mostly short.</summary>
    public static int PayloadLength(Random random) => random.Next(4) == 0 ? random.Next(PayloadMax + 1) : random.Next(64);

    /// <summary>The frame that the bytes begin with, if all of it is there; its size, or 0.</summary>
    /// <param name="bytes">What was read.</param>
    /// <param name="expected">Its number.</param>
    /// <param name="producer">Who has written it; 0 for the first one, and is set by it.</param>
    /// <exception cref="StressViolationException">It is another one, or damaged.</exception>
    public static int Take(ReadOnlySpan<byte> bytes, long expected, ref long producer)
    {
        if (bytes.Length < HeaderSize)
        {
            return 0;
        }
        long from = BinaryPrimitives.ReadInt64LittleEndian(bytes), number = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        long payload = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        if (payload is < 0 or > PayloadMax || BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]) != Sum(from, number, payload))
        {
            throw Violation($"A frame is damaged: producer {from}, number {number}, length {payload}.");
        }
        producer = producer == 0 ? from : producer;
        if (from != producer || number != expected)
        {
            throw Violation($"Frame {number} of {from} came, and {expected} of {producer} was next.");
        }
        if (bytes.Length < HeaderSize + payload)
        {
            return 0;
        }
        for (int at = 0; at < payload; at++)
        {
            if (bytes[HeaderSize + at] != Byte(from, number, at))
            {
                throw Violation($"Byte {at} of frame {number} of {from} is wrong.");
            }
        }
        return HeaderSize + (int)payload;
    }

    private static long Sum(long producer, long number, long payload) => (((producer * 31) + number) * 1_000_003) ^ (payload * 7919) ^ 0x5A5A_5A5A;

    private static byte Byte(long producer, long number, int at) => (byte)((producer * 13) + (number * 31) + (at * 7));

    private static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}
