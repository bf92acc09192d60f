using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus event info</c>.</summary>
internal static class EventInfoCommand
{
    public static Command Create() => SharedInfo.Create(
        EventCommand.Noun,
        "Tell whether an event is set, who waits, and who has it open. It takes no part in it.",
        static (name, line) => new JsonEventInfo(SharedEvent.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions()))),
        static () => JsonModel.Default.JsonEventInfo,
        static info => SharedInfo.PrintRow("state", $"{(info.Set ? "set" : "not set")}, {info.Mode}; set {info.Sets} times"));
}
