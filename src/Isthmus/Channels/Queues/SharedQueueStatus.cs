namespace Isthmus;

/// <summary>What is known of a <see cref="SharedQueue"/> at one moment.</summary>
public sealed record SharedQueueStatus : SharedObjectStatus
{
    internal SharedQueueStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        if (QueueCore.Check(snapshot.Config) is { } wrong)
        {
            throw new InvalidDataException($"The queue '{snapshot.Name}' is damaged: {wrong}.");
        }
        MaxProducers = (int)snapshot.Config(0);
        Priorities = (int)snapshot.Config(1);
        LaneCapacity = (int)snapshot.Config(2);
        MaxConsumers = (int)snapshot.Config(3);
        Acknowledges = snapshot.Config(4) != 0;
        WhenFull = (QueueWhenFull)snapshot.Config(5);
        ElementSize = (int)snapshot.Config(6);
        IsCompleted = (snapshot.Word(QueueShape.Arrivals) & (QueueSignal.Closing | QueueSignal.Closed)) != 0;
        // Its words are asked for by their place in the data.
        QueueShape shape = new(
            MaxProducers, Priorities, LaneCapacity, MaxConsumers, Acknowledges, WhenFull == QueueWhenFull.DropOldest, control: 0, rings: 0);
        Producers = Enumerable.Range(0, MaxProducers).Count(place => !QueueOwner.IsFree(snapshot.DataWord(shape.Producer(place))));
        Consumers = Enumerable.Range(0, MaxConsumers).Count(place => !QueueOwner.IsFree(snapshot.DataWord(shape.Consumer(place))));
        int used = (int)Math.Min(snapshot.Word(QueueShape.ProducersInUse), (ulong)MaxProducers);
        Lanes =
        [
            .. from priority in Enumerable.Range(0, Priorities)
               from producer in Enumerable.Range(0, used)
               select new SharedQueueLane(snapshot, shape, producer, priority),
        ];
    }

    /// <summary>How many producers there may be at once.</summary>
    public int MaxProducers { get; }

    /// <summary>How many consumers there may be at once.</summary>
    public int MaxConsumers { get; }

    /// <summary>How many priorities there are.</summary>
    public int Priorities { get; }

    /// <summary>How many bytes a producer's messages of one priority take at most.</summary>
    public int LaneCapacity { get; }

    /// <summary>Whether a message is finished only when its consumer says so.</summary>
    public bool Acknowledges { get; }

    /// <summary>What happens to a message for which there is no room.</summary>
    public QueueWhenFull WhenFull { get; }

    /// <summary>The size of each message, in bytes, when all have the same; 0 when they are of any length.</summary>
    public int ElementSize { get; }

    /// <summary>Whether somebody has closed it.</summary>
    public bool IsCompleted { get; }

    /// <summary>How many producers there are.</summary>
    public int Producers { get; }

    /// <summary>How many consumers there are.</summary>
    public int Consumers { get; }

    /// <summary>The lanes that were ever used: one for each producer and priority.</summary>
    public IReadOnlyList<SharedQueueLane> Lanes { get; }

    /// <summary>How many bytes in the lanes are not free.</summary>
    public long UsedBytes => Lanes.Sum(static lane => lane.UsedBytes);

    /// <summary>How many messages were lost with consumers that died, or were dropped because there was no room.</summary>
    public long Lost => Lanes.Sum(static lane => lane.Lost + lane.Refused);
}
