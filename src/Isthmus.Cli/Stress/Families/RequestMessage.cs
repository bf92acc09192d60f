using System.Buffers.Binary;

namespace Isthmus.Cli.Stress.Families;

/// <summary>What goes there and back: two numbers, then bytes that follow from them and from the length.</summary>
internal static class RequestMessage
{
    public const int HeadBytes = 16;

    public static void Write(Span<byte> message, long first, long second)
    {
        BinaryPrimitives.WriteInt64LittleEndian(message, first);
        BinaryPrimitives.WriteInt64LittleEndian(message[8..], second);
        for (int index = HeadBytes; index < message.Length; index++)
        {
            message[index] = ByteAt(index, message.Length, first, second);
        }
    }

    public static long First(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadInt64LittleEndian(message);

    public static long Second(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadInt64LittleEndian(message[8..]);

    /// <summary>Whether it is as it was written.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeadBytes)
        {
            return false;
        }
        (long first, long second) = (First(message), Second(message));
        for (int index = HeadBytes; index < message.Length; index++)
        {
            if (message[index] != ByteAt(index, message.Length, first, second))
            {
                return false;
            }
        }
        return true;
    }

    private static byte ByteAt(int index, int length, long first, long second) => (byte)((first * 31) + (second * 7) + (index * 13) + length);
}
