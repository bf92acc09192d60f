using System.Buffers.Binary;

namespace Isthmus.Cli.Stress.Families;

/// <summary>A message of a run: who sent it, which of his through which queue, and a checksum over it and what follows.</summary>
/// <param name="Producer">The number of the sender's record.</param>
/// <param name="Queue">Which queue.</param>
/// <param name="Number">From 0.</param>
/// <param name="Attachment">Which of the sender's producer objects, one after the other, sent it: order holds for each of them.</param>
internal readonly record struct QueueStressMessage(long Producer, int Queue, long Number, int Attachment)
{
    private const int HeadSize = 32, LengthMax = 900;

    /// <summary>How many bytes it takes: another number for each.</summary>
    public int Length => HeadSize + (int)(((ulong)Number * 7919) % LengthMax);

    /// <summary>Its name among those of its queue; not 0.</summary>
    public long Name => (Producer * QueueMarks.MessagesMax) + Number;

    public void Write(Span<byte> message)
    {
        BinaryPrimitives.WriteInt64LittleEndian(message[8..], Producer);
        BinaryPrimitives.WriteInt32LittleEndian(message[16..], Queue);
        BinaryPrimitives.WriteInt32LittleEndian(message[20..], Attachment);
        BinaryPrimitives.WriteInt64LittleEndian(message[24..], Number);
        message[HeadSize..].Fill((byte)Number);
        BinaryPrimitives.WriteUInt64LittleEndian(message, Checksum(message[8..]));
    }

    /// <summary>Reads one; null when it is not as somebody has written it.</summary>
    public static QueueStressMessage? TryRead(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeadSize || BinaryPrimitives.ReadUInt64LittleEndian(message) != Checksum(message[8..]))
        {
            return null;
        }
        QueueStressMessage read = new(
            BinaryPrimitives.ReadInt64LittleEndian(message[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(message[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(message[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(message[20..]));
        return read.Length == message.Length ? read : null;
    }

    // FNV-1a, of words and then of bytes.
    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 0xcbf29ce484222325;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * 0x100000001b3;
        }
        foreach (byte each in bytes)
        {
            hash = (hash ^ each) * 0x100000001b3;
        }
        return hash;
    }
}
