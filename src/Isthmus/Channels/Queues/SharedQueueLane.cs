namespace Isthmus;

/// <summary>What is known of one lane of a <see cref="SharedQueue"/> at one moment. Parts may be from before and after a change.</summary>
public sealed record SharedQueueLane
{
    internal SharedQueueLane(SegmentSnapshot snapshot, in QueueShape shape, int producer, int priority)
    {
        int lane = shape.Lane(producer, priority);
        Producer = producer;
        Priority = priority;
        OwnerSlot = QueueOwner.SlotOf(snapshot.DataWord(shape.Producer(producer)));
        ulong freed = snapshot.DataWord(shape.Freed(lane)), tail = Math.Max(snapshot.DataWord(shape.Tail(lane)), freed);
        SentBytes = (long)tail;
        UsedBytes = (long)Math.Min(tail - freed, (ulong)shape.Capacity);
        WaitingBytes = (long)Math.Min(tail - Math.Min(tail, snapshot.DataWord(shape.Taken(lane))), (ulong)UsedBytes);
        Lost = QueueLosses.CountOf(snapshot.DataWord(shape.Lost(lane)));
        Refused = (long)snapshot.DataWord(shape.Refused(lane));
    }

    /// <summary>Which producer's, from 0.</summary>
    public int Producer { get; }

    /// <summary>Of which priority.</summary>
    public int Priority { get; }

    /// <summary>The slot of the participant whose producer has it; -1 when nobody has.</summary>
    public int OwnerSlot { get; }

    /// <summary>How many bytes were ever sent through it, with what each message takes beside its own.</summary>
    public long SentBytes { get; }

    /// <summary>How many bytes are not free.</summary>
    public long UsedBytes { get; }

    /// <summary>How many of them nobody has taken.</summary>
    public long WaitingBytes { get; }

    /// <summary>How many messages were lost with consumers that died, or were taken back to make room.</summary>
    public long Lost { get; }

    /// <summary>How many messages were dropped, because there was no room, before they were sent.</summary>
    public long Refused { get; }
}
