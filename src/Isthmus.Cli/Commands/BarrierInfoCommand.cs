using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus barrier info</c>.</summary>
internal static class BarrierInfoCommand
{
    public static Command Create() => SharedInfo.Create(
        BarrierCommand.Noun,
        "Tell who are a barrier's members, who of them has arrived, and whether it is broken. It takes no part in it.",
        static (name, line) => new JsonBarrierInfo(SharedBarrier.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions()))),
        static () => JsonModel.Default.JsonBarrierInfo,
        Print);

    private static void Print(JsonBarrierInfo info)
    {
        string state = info.Broken ? "broken: a member died" : info.WillBreak ? "the next round will be broken: a member died" : "whole";
        SharedInfo.PrintRow("state", $"{state}");
        SharedInfo.PrintRow("round", $"{info.Round}: {info.Arrived} of {info.Members} have arrived");
        foreach (JsonParty party in info.Parties)
        {
            SharedInfo.PrintRow("members", $"{party.Joined} of {SharedInfo.Describe(party.Process)}, {party.Arrived} have arrived");
        }
    }
}
