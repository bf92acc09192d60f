using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>How messages get into the ring: as the steps of <see cref="QueuePublish"/>, without an instruction too many.</content>
public sealed unsafe partial class QueueProducer
{
    // Looks at what the consumers have freed before this thread sleeps, some of them apart: who looks all the time takes the line away from them.
    private const int RoomLooks = 100, PauseRounds = 10;

    /// <summary>Copies a message into the ring and publishes it; false when it is not certain that there is room, or may be sent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryWrite(ref QueueLane lane, ReadOnlySpan<byte> message)
    {
        byte* record = TryPlace(ref lane, message.Length, out ulong position, out ulong end);
        if (record is null)
        {
            return false;
        }
        message.CopyTo(new Span<byte>(record + QueueHeader.Size, message.Length));
        Publish(ref lane, record, position, message.Length, end);
        return true;
    }

    /// <summary>The place for a message, if it is certain that there is room before the end of the ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* TryPlace(ref QueueLane lane, int length, out ulong position, out ulong end)
    {
        position = lane.Tail;
        uint offset = (uint)position & (_capacity - 1);
        uint size = (uint)QueueHeader.RecordSize(length);
        end = position + size;
        // A record ends before the word that is to be 0, and that is free too. Longer ones than half a lane are told later.
        bool fits = (uint)length <= (_capacity / 2) - QueueHeader.Size && offset + size <= _capacity && end + QueueHeader.Size <= lane.Limit;
        return fits && (Volatile.Read(ref *_arrivals) & (QueueSignal.Closing | QueueSignal.Closed)) == 0 && !_needsConsumers ? lane.Ring + offset : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Publish(ref QueueLane lane, byte* record, ulong position, int length, ulong end)
    {
        if (end != lane.ZeroAt)
        {
            *(ulong*)(lane.Ring + ((uint)end & (_capacity - 1))) = 0;
        }
        Volatile.Write(ref *(ulong*)record, QueueHeader.Of(QueueRecordState.Published, position, length));
        lane.Tail = *lane.Shown = end;
        // The next message may be of this length: then its end is 0 already, and the line is here, when it is published.
        ulong next = end + (end - position);
        if (next + QueueHeader.Size <= lane.Limit)
        {
            *(ulong*)(lane.Ring + ((uint)next & (_capacity - 1))) = 0;
            lane.ZeroAt = next;
        }
    }

    /// <summary>After something was published: wakes those who sleep.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private QueueSendOutcome Announce()
    {
        _memory.PublisherFence();
        if ((Volatile.Read(ref *_arrivals) & QueueSignal.Alert) != 0)
        {
            return AnnounceSlowly();
        }
        _segment.ThrowIfDisposed();
        return QueueSendOutcome.Sent;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private QueueSendOutcome AnnounceSlowly()
    {
        QueuePublish publish = QueuePublish.Published(_core.Shape);
        _core.Run(ref publish);
        return publish.IsClosed ? QueueSendOutcome.Closed : QueueSendOutcome.Sent;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private QueueSendOutcome SendSlowly(ref QueueLane lane, ReadOnlySpan<byte> message, Deadline deadline)
    {
        _use.Enter();
        try
        {
            QueueSendOutcome outcome = PlaceSlowly(ref lane, message.Length, deadline, out Placement place);
            if (outcome == QueueSendOutcome.Sent)
            {
                message.CopyTo(new Span<byte>(place.Record + QueueHeader.Size, message.Length));
                outcome = Commit(ref lane, place);
            }
            return outcome;
        }
        finally
        {
            LeaveWait();
        }
    }

    // For a message of any length, and at the end of the ring too. What was found stays true: only this producer uses room.
    private QueueSendOutcome PlaceSlowly(ref QueueLane lane, int length, Deadline deadline, out Placement place)
    {
        place = PlacementOf(lane, length);
        QueueSendOutcome outcome = CheckPeers();
        if (outcome != QueueSendOutcome.Sent)
        {
            return outcome;
        }
        ulong until = place.End + QueueHeader.Size;
        if (until <= lane.Limit)
        {
            return QueueSendOutcome.Sent;
        }
        outcome = FindRoom(ref lane, until - _capacity, deadline);
        return outcome;
    }

    private Placement PlacementOf(in QueueLane lane, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > MaxMessage)
        {
            throw new ArgumentException($"A message has at most {MaxMessage} bytes, half a lane; this has {length}.", nameof(length));
        }
        uint toEnd = _capacity - ((uint)lane.Tail & (_capacity - 1));
        uint size = (uint)QueueHeader.RecordSize(length);
        ulong position = size <= toEnd ? lane.Tail : lane.Tail + toEnd;
        return new Placement
        {
            Record = lane.Ring + ((uint)position & (_capacity - 1)),
            Length = length,
            Position = position,
            End = position + size,
        };
    }

    // The first header is the last to be stored: a filler's, when there is one before the message.
    private QueueSendOutcome Commit(ref QueueLane lane, in Placement place)
    {
        if (place.Position == lane.Tail)
        {
            Publish(ref lane, place.Record, place.Position, place.Length, place.End);
            return Announce();
        }
        *(ulong*)place.Record = QueueHeader.Of(QueueRecordState.Published, place.Position, place.Length);
        *(ulong*)(lane.Ring + ((uint)place.End & (_capacity - 1))) = 0;
        byte* filler = lane.Ring + ((uint)lane.Tail & (_capacity - 1));
        int fill = (int)(place.Position - lane.Tail) - QueueHeader.Size;
        Volatile.Write(ref *(ulong*)filler, QueueHeader.Of(QueueRecordState.Filler, lane.Tail, fill));
        lane.Tail = *lane.Shown = place.End;
        lane.ZeroAt = ulong.MaxValue;
        return Announce();
    }

    /// <summary>Where a message is written.</summary>
    internal struct Placement
    {
        public byte* Record;
        public int Length;
        public ulong Position;
        public ulong End;
    }
}
