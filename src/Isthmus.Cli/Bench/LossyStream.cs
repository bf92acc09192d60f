using System.Buffers.Binary;
using System.Diagnostics;

namespace Isthmus.Cli.Bench;

/// <summary>
/// Throughput of a mechanism that may lose messages. Each carries its number, so that what arrived can still be compared with
/// what was sent. The sender tells over the control channel when all are sent: silence alone may mean that it waits for a CPU.
/// </summary>
internal static class LossyStream
{
    /// <summary>The sender's word that a chunk is on its way, whole.</summary>
    public const string AllSent = "all-sent";

    /// <summary>Sends one chunk; the moment before the first.</summary>
    public static long Send(Connection connection, Messages messages, Span<byte> message, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            messages.SpanAt(i).CopyTo(message);
            BinaryPrimitives.WriteInt32LittleEndian(message, i);
            connection.Send(message);
        }
        return start;
    }

    /// <summary>Answers twice a chunk: ready, and done with the time of the last receipt, the wrong ones, and how many arrived.</summary>
    public static void Receive(PeerProgram peer, PeerOrder order)
    {
        Connection connection = peer.Connection(order.Int(0));
        int size = order.Int(1);
        int count = order.Int(5);
        Messages messages = new(size, order.Seed(3));
        for (int chunk = order.Int(2); chunk > 0; chunk--)
        {
            peer.Answer();
            (int received, long end) = ReceiveChunk(peer, connection, size, count);
            peer.Answer(end, CountWrong(messages, peer.Ring, received, count), received);
        }
    }

    // What was sent is in our buffer or lost: the silence after the sender's word is the end.
    private static (int Received, long End) ReceiveChunk(PeerProgram peer, Connection connection, int size, int count)
    {
        int received = 0;
        bool allSent = false;
        long end = Stopwatch.GetTimestamp();
        while (received < count)
        {
            if (connection.TryReceive(peer.Ring.AsSpan(received * size, size)))
            {
                received++;
                end = Stopwatch.GetTimestamp();
            }
            else if (allSent)
            {
                return (received, end);
            }
            else
            {
                allSent = peer.TryTake(AllSent);
            }
        }
        if (!allSent)
        {
            peer.Take(AllSent);
        }
        return (received, end);
    }

    private static int CountWrong(Messages messages, Span<byte> ring, int received, int sent)
    {
        int wrong = 0;
        for (int i = 0; i < received; i++)
        {
            ReadOnlySpan<byte> message = ring.Slice(i * messages.Size, messages.Size);
            int number = BinaryPrimitives.ReadInt32LittleEndian(message);
            bool right = (uint)number < (uint)sent && message[sizeof(int)..].SequenceEqual(messages.SpanAt(number)[sizeof(int)..]);
            wrong += right ? 0 : 1;
        }
        ring[..(received * messages.Size)].Clear();
        return wrong;
    }
}
