using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus queue info</c>.</summary>
internal static class QueueInfoCommand
{
    public static Command Create() => SharedInfo.Create(
        QueueCommand.Noun,
        "Tell how full a queue is, what was lost, its rules, and who has it open. It takes no part in it.",
        static (name, line) => new JsonSharedQueueInfo(SharedQueue.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions()))),
        static () => JsonModel.Default.JsonSharedQueueInfo,
        Print);

    private static void Print(JsonSharedQueueInfo info)
    {
        string rules = $"when full: {info.WhenFull}{(info.Acknowledge ? ", acknowledged" : "")}{(info.Closed ? ", closed" : "")}";
        SharedInfo.PrintRow("state", $"{rules}");
        SharedInfo.PrintRow("producers", $"{info.Producers} of {info.MaxProducers}");
        SharedInfo.PrintRow("consumers", $"{info.Consumers} of {info.MaxConsumers}");
        SharedInfo.PrintRow("lost", $"{info.Lost}");
        foreach (JsonQueueLane lane in info.Lanes)
        {
            SharedInfo.PrintRow(
                "lane", $"producer {lane.Producer}, priority {lane.Priority}: {lane.UsedBytes} of {info.LaneCapacity} bytes used, {lane.WaitingBytes} waiting");
        }
    }
}
