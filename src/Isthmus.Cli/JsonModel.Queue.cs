namespace Isthmus.Cli;

/// <summary>Of <c>queue info</c>; element_size is 0 where messages are of any length; lost counts those that were dropped too.</summary>
internal sealed record JsonSharedQueueInfo : JsonSharedInfo
{
    public JsonSharedQueueInfo(SharedQueueStatus status)
        : base("queue", status)
    {
        (Closed, Acknowledge, ElementSize, Lost) = (status.IsCompleted, status.Acknowledges, status.ElementSize, status.Lost);
        WhenFull = status.WhenFull switch
        {
            QueueWhenFull.Fail => "fail",
            QueueWhenFull.DropNewest => "drop-newest",
            QueueWhenFull.DropOldest => "drop-oldest",
            _ => "wait",
        };
        (Producers, MaxProducers, Consumers, MaxConsumers) = (status.Producers, status.MaxProducers, status.Consumers, status.MaxConsumers);
        (Priorities, LaneCapacity, UsedBytes) = (status.Priorities, status.LaneCapacity, status.UsedBytes);
        Lanes =
        [
            .. from lane in status.Lanes
               select new JsonQueueLane(lane.Producer, lane.Priority, lane.SentBytes, lane.UsedBytes, lane.WaitingBytes, lane.Lost, lane.Refused),
        ];
    }

    public bool Closed { get; }

    public bool Acknowledge { get; }

    public string WhenFull { get; }

    public int ElementSize { get; }

    public int Producers { get; }

    public int MaxProducers { get; }

    public int Consumers { get; }

    public int MaxConsumers { get; }

    public int Priorities { get; }

    public int LaneCapacity { get; }

    public long UsedBytes { get; }

    public long Lost { get; }

    public IReadOnlyList<JsonQueueLane> Lanes { get; }
}

/// <summary>A lane of a queue: one for each producer and priority that there ever was.</summary>
internal sealed record JsonQueueLane(int Producer, int Priority, long SentBytes, long UsedBytes, long WaitingBytes, long Lost, long Refused);
