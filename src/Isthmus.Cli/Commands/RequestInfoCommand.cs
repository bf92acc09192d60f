using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus request info</c>.</summary>
internal static class RequestInfoCommand
{
    public static Command Create() => SharedInfo.Create(
        RequestCommand.Noun,
        "Tell who serves, who has it open, and how large requests and replies may be. It takes no part in it.",
        static (name, line) => new JsonRequestInfo(RequestClient.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions()))),
        static () => JsonModel.Default.JsonRequestInfo,
        static info =>
        {
            SharedInfo.PrintRow("request", $"{info.MaxRequest} bytes at most");
            SharedInfo.PrintRow("reply", $"{info.MaxReply} bytes at most");
            SharedInfo.PrintRow(
                "calls",
                $"{info.CallsWaiting} waiting, {info.CallsServed} being served ({info.CallsGivenUp} given up); {info.MaxCalls} of one client at most");
            string servers = info.Servers.Count == 0 ? "none" : string.Join(", ", info.Servers.Select(SharedInfo.Describe));
            SharedInfo.PrintRow("servers", $"{servers}");
        });
}
