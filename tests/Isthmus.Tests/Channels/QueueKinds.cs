namespace Isthmus.Tests.Channels;

/// <summary>Queues of all rules, each of which takes another path through the code.</summary>
internal static class QueueKinds
{
    public static IReadOnlyDictionary<string, SharedQueueOptions> All { get; } = new Dictionary<string, SharedQueueOptions>
    {
        ["one to one"] = new() { MaxProducers = 1, MaxConsumers = 1, LaneCapacity = 4096 },
        ["many to one"] = new() { MaxProducers = 5, MaxConsumers = 1, LaneCapacity = 4096, Priorities = 2 },
        ["many to many"] = new() { LaneCapacity = 4096 },
        ["acknowledged"] = new() { LaneCapacity = 4096, Acknowledge = true },
        ["dropping the oldest"] = new() { LaneCapacity = 4096, MaxConsumers = 1, WhenFull = QueueWhenFull.DropOldest },
    };

    public static SharedQueue Create(string kind) => SharedQueue.CreateUnnamed(All[kind]);
}
