using System.CommandLine;
using System.Numerics;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus queue create</c>.</summary>
internal static class QueueCreateCommand
{
    private const int PlacesMost = 256, PrioritiesMost = 8, CapacityMost = 256 * 1024 * 1024, CapacityLeast = 4096;

    public static Command Create()
    {
        CliCommand command = new("create", "Make a queue; fails when the name is taken.")
        {
            Examples =
            [
                "isthmus queue create jobs", "isthmus queue create jobs --acknowledge --capacity 1M",
                "isthmus queue create ticks --max-producers 1 --max-consumers 1 --when-full drop-oldest",
            ],
        };
        SharedQueueOptions usual = new();
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<long?> capacity = ByteSize.Option(
            "--capacity", $"For each producer and priority, a power of two; {ByteSize.Format(usual.LaneCapacity)} by default.", CapacityLeast, CapacityMost);
        Option<long?> message = ByteSize.Option(
            "--max-message", "Makes the capacity as great as messages of so many bytes need at least.", 0, (CapacityMost / 2) - 8);
        Option<int?> producers = NumberOption.Create("--max-producers", $"How many may send at once; {usual.MaxProducers} by default.", 1, PlacesMost);
        Option<int?> consumers = NumberOption.Create("--max-consumers", $"How many may receive at once; {usual.MaxConsumers} by default.", 1, PlacesMost);
        Option<int?> priorities = NumberOption.Create("--priorities", "How many levels; 1 by default.", 1, PrioritiesMost);
        Option<bool> acknowledge = new("--acknowledge")
        {
            Description = "What a receiver has when it dies, and had not acknowledged, is received once more.",
        };
        Option<string?> whenFull = new("--when-full")
        {
            Description = "What happens to a message for which there is no room: wait (the default), fail, drop-newest, drop-oldest.",
            HelpName = "rule",
        };
        whenFull.AcceptOnlyFromAmong("wait", "fail", "drop-newest", "drop-oldest");
        foreach (Option option in (Option[])[capacity, message, producers, consumers, priorities, acknowledge, whenFull])
        {
            command.Add(option);
        }
        SharedCreateInput how = SharedCreateInput.AddTo(command);
        command.SetAction(line =>
        {
            int least = Math.Max((int)(line.GetValue(capacity) ?? usual.LaneCapacity), CapacityFor((int)(line.GetValue(message) ?? 0)));
            if (!BitOperations.IsPow2(least))
            {
                throw new CliException($"--capacity is a power of two; {BitOperations.RoundUpToPowerOf2((uint)least)} is the next.");
            }
            SharedQueueOptions options = new()
            {
                LaneCapacity = least,
                MaxProducers = line.GetValue(producers) ?? usual.MaxProducers,
                MaxConsumers = line.GetValue(consumers) ?? usual.MaxConsumers,
                Priorities = line.GetValue(priorities) ?? usual.Priorities,
                Acknowledge = line.GetValue(acknowledge),
                WhenFull = Rule(line.GetValue(whenFull)),
            };
            SharedQueue.Create(name.Get(line), name.Options(line, how.Options(line, options))).Dispose();
        });
        return command;
    }

    // A message is at most half of it, less 8.
    private static int CapacityFor(int message) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(CapacityLeast, 2 * (((message + 7) & ~7) + 8)));

    private static QueueWhenFull Rule(string? rule) => rule switch
    {
        "fail" => QueueWhenFull.Fail,
        "drop-newest" => QueueWhenFull.DropNewest,
        "drop-oldest" => QueueWhenFull.DropOldest,
        _ => QueueWhenFull.Wait,
    };
}
