using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus stream info</c>.</summary>
internal static class StreamInfoCommand
{
    public static Command Create() => SharedInfo.Create(
        StreamCommand.Noun,
        "Tell who has the ends of a stream, and how much is in it. It takes neither.",
        static (name, line) => new JsonStreamInfo(SharedStream.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions()))),
        static () => JsonModel.Default.JsonStreamInfo,
        static info =>
        {
            SharedInfo.PrintRow("capacity", $"{info.Capacity}");
            Print("first end", info.First);
            Print("second end", info.Second);
        });

    private static void Print(string label, JsonStreamEnd end)
    {
        string who = end.State == "open" ? $", {SharedInfo.Describe(end.Process)}" : "";
        string closed = end.WriteClosed ? ", writes no more" : "";
        SharedInfo.PrintRow(label, $"{end.State}{who}, wrote {end.BytesWritten}, of which {end.BytesUnread} unread{closed}");
    }
}
