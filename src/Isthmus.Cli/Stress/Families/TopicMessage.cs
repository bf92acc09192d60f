using System.Buffers.Binary;

namespace Isthmus.Cli.Stress.Families;

/// <summary>What a sample says of itself: who published it, as its how manyeth with this publisher, and bytes that follow from that.</summary>
/// <param name="Id">The process; 0 is the controller.</param>
/// <param name="Incarnation">Which of its publishers.</param>
/// <param name="Count">How many samples this publisher has published before.</param>
/// <param name="Number">How many were published with this index before.</param>
internal readonly record struct TopicMessage(long Id, long Incarnation, long Count, long Number)
{
    public const int SizeMax = 256;

    private const int HeadSize = 4 * sizeof(long);

    /// <summary>How large it is.</summary>
    public int Size => HeadSize + (int)((Count * 37) % (SizeMax - HeadSize + 1));

    public void Write(Span<byte> sample)
    {
        BinaryPrimitives.WriteInt64LittleEndian(sample, Id);
        BinaryPrimitives.WriteInt64LittleEndian(sample[8..], Incarnation);
        BinaryPrimitives.WriteInt64LittleEndian(sample[16..], Count);
        BinaryPrimitives.WriteInt64LittleEndian(sample[24..], Number);
        for (int index = HeadSize; index < sample.Length; index++)
        {
            sample[index] = ByteAt(index);
        }
    }

    /// <summary>Reads one; false when it is not whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> sample, out TopicMessage message)
    {
        message = default;
        if (sample.Length < HeadSize)
        {
            return false;
        }
        message = new TopicMessage(
            BinaryPrimitives.ReadInt64LittleEndian(sample),
            BinaryPrimitives.ReadInt64LittleEndian(sample[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(sample[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(sample[24..]));
        bool isWhole = message.Count >= 0 && sample.Length == message.Size;
        for (int index = HeadSize; isWhole && index < sample.Length; index++)
        {
            isWhole = sample[index] == message.ByteAt(index);
        }
        return isWhole;
    }

    private byte ByteAt(int index) => (byte)((Id * 31) + (Incarnation * 17) + (Count * 7) + index);
}
