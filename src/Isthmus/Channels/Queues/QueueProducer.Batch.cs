using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Isthmus.Native;

namespace Isthmus;

/// <content>Many messages at once.</content>
public sealed unsafe partial class QueueProducer
{
    /// <summary>
    /// Sends messages of one length that stand one after the other. As many as there is room for in one piece appear at once; it waits for room
    /// as <see
    /// cref="Send"/> does.
    /// </summary>
    /// <param name="messages">The messages.</param>
    /// <param name="length">Of each, in bytes.</param>
    /// <param name="sent">How many are in the queue.</param>
    /// <param name="priority">From 0, the lowest, to the number of priorities less one.</param>
    /// <returns><see cref="QueueSendOutcome.Sent"/> when all are; else why the next is not.</returns>
    /// <exception cref="ArgumentException">The bytes are no whole number of messages, or those are too long.</exception>
    /// <inheritdoc cref="Send"/>
    public QueueSendOutcome SendBatch(ReadOnlySpan<byte> messages, int length, out int sent, int priority = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (messages.Length % length != 0)
        {
            throw new ArgumentException($"{messages.Length} bytes are no messages of {length} bytes each.", nameof(messages));
        }
        return SendMany(messages, length, out sent, priority, Deadline.Never);
    }

    /// <summary>Sends as many messages of one length as there is room for now.</summary>
    /// <inheritdoc cref="SendBatch"/>
    public QueueSendOutcome TrySendBatch(ReadOnlySpan<byte> messages, int length, out int sent, int priority = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (messages.Length % length != 0)
        {
            throw new ArgumentException($"{messages.Length} bytes are no messages of {length} bytes each.", nameof(messages));
        }
        return SendMany(messages, length, out sent, priority, Deadline.After(TimeSpan.Zero));
    }

    internal QueueSendOutcome SendMany(ReadOnlySpan<byte> messages, int length, out int sent, int priority, Deadline deadline)
    {
        ref QueueLane lane = ref LaneOf(priority);
        int count = messages.Length / length;
        sent = 0;
        while (sent < count)
        {
            ReadOnlySpan<byte> rest = messages[(sent * length)..];
            int some = CheckPeers() == QueueSendOutcome.Sent ? WriteSome(ref lane, rest, length) : 0;
            QueueSendOutcome outcome = some > 0 ? Announce() : SendSlowly(ref lane, rest[..length], deadline);
            if (outcome != QueueSendOutcome.Sent)
            {
                return outcome;
            }
            sent += Math.Max(some, 1);
        }
        return QueueSendOutcome.Sent;
    }

    // The lengths that a processor copies by one or two instructions.
    private int WriteSome(ref QueueLane lane, ReadOnlySpan<byte> messages, int length) => length switch
    {
        sizeof(uint) => WriteSome<uint>(ref lane, messages),
        sizeof(ulong) => WriteSome<ulong>(ref lane, messages),
        16 => WriteSome<Vector128<byte>>(ref lane, messages),
        32 => WriteSome<Vector256<byte>>(ref lane, messages),
        64 => WriteSome<Vector512<byte>>(ref lane, messages),
        _ => WriteSomeOf(ref lane, messages, length),
    };

    private int WriteSome<T>(ref QueueLane lane, ReadOnlySpan<byte> messages)
        where T : unmanaged
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(messages);
        int count = FitsOf(lane, sizeof(T), values.Length);
        if (count == 0)
        {
            return 0;
        }
        byte* first = lane.Ring + ((uint)lane.Tail & (_capacity - 1));
        int size = QueueHeader.RecordSize(sizeof(T));
        ulong header = QueueHeader.Of(QueueRecordState.Published, lane.Tail, sizeof(T));
        ulong step = QueueHeader.Of(QueueRecordState.Empty, (uint)size, 0);
        byte* record = first;
        Unsafe.WriteUnaligned(record + QueueHeader.Size, values[0]);
        for (int index = 1; index < count; index++)
        {
            record += size;
            header += step;
            *(ulong*)record = header;
            Unsafe.WriteUnaligned(record + QueueHeader.Size, values[index]);
        }
        Publish(ref lane, first, lane.Tail, sizeof(T), lane.Tail + (ulong)((long)size * count));
        return count;
    }

    private int WriteSomeOf(ref QueueLane lane, ReadOnlySpan<byte> messages, int length)
    {
        int count = FitsOf(lane, length, messages.Length / length);
        if (count == 0)
        {
            return 0;
        }
        byte* first = lane.Ring + ((uint)lane.Tail & (_capacity - 1));
        uint size = (uint)QueueHeader.RecordSize(length);
        ulong position = lane.Tail;
        for (int index = 0; index < count; index++, position += size)
        {
            byte* record = first + ((long)size * index);
            messages.Slice(index * length, length).CopyTo(new Span<byte>(record + QueueHeader.Size, length));
            if (index > 0)
            {
                *(ulong*)record = QueueHeader.Of(QueueRecordState.Published, position, length);
            }
        }
        Publish(ref lane, first, lane.Tail, length, position);
        return count;
    }

    // How many fit before the end of the ring, and before the word that is to be 0.
    private int FitsOf(in QueueLane lane, int length, int count)
    {
        if (length > MaxMessage)
        {
            throw new ArgumentException($"A message has at most {MaxMessage} bytes, half a lane; these have {length}.", nameof(length));
        }
        ulong toEnd = _capacity - ((uint)lane.Tail & (_capacity - 1));
        ulong room = Math.Min(toEnd, Math.Max(lane.Limit, lane.Tail + QueueHeader.Size) - QueueHeader.Size - lane.Tail);
        return (int)Math.Min((ulong)count, room / (uint)QueueHeader.RecordSize(length));
    }
}
