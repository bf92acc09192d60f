using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus mutex info</c>.</summary>
internal static class MutexInfoCommand
{
    public static Command Create() => SharedInfo.Create(
        MutexCommand.Noun,
        "Tell who is in a mutex, who waits, and who has it open. It takes no part in it.",
        static (name, line) => new JsonMutexInfo(SharedMutex.GetStatus(name.Get(line), name.Options(line, new SharedMutexOptions()))),
        static () => JsonModel.Default.JsonMutexInfo,
        static info => SharedInfo.PrintRow("state", $"{StateOf(info)}{(info.Fair ? ", fair" : "")}"));

    private static string StateOf(JsonMutexInfo info)
    {
        string state = info switch
        {
            { Unusable: true } => "unusable: an owner died in it, and the next did not declare the data consistent",
            { Entered: true, Owner: { } owner } when info.Participants.Any(each => each.Process == owner && !each.Alive) =>
                $"owned by {SharedInfo.Describe(owner)}, dead: the next one gets it, and is told",
            { Entered: true } => $"owned by {SharedInfo.Describe(info.Owner)}",
            _ => "free",
        };
        return info is { Abandoned: true, Unusable: false } ? state + ", abandoned: an owner died in it" : state;
    }
}
