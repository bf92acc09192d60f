using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus topic info</c>.</summary>
internal static class TopicInfoCommand
{
    public static Command Create() => SharedInfo.Create(
        TopicCommand.Noun,
        "Tell who publishes and subscribes, and how many samples were published and lost. It takes no part in it.",
        static (name, line) => new JsonTopicInfo(Topic.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions()))),
        static () => JsonModel.Default.JsonTopicInfo,
        Print);

    private static void Print(JsonTopicInfo info)
    {
        SharedInfo.PrintRow("samples", $"at most {ByteSize.Format(info.MaxSampleSize)}, room for {info.SlotsPerPublisher} of each publisher");
        SharedInfo.PrintRow("keeps", $"{info.Buffer} for who is slow, {info.History} for who is late");
        foreach (JsonTopicPublisher each in info.Publishers)
        {
            SharedInfo.PrintRow($"publisher {each.Index}", $"{(each.Slot is null ? "gone" : SharedInfo.Describe(each.Process))}, {each.Published} published");
        }
        foreach (JsonTopicSubscriber each in info.Subscribers)
        {
            SharedInfo.PrintRow(
                "subscriber", $"{SharedInfo.Describe(each.Process)}, {(each.Overflow == "block" ? "blocks" : $"{each.Lost} lost")}, {each.Loans} on loan");
        }
    }
}
