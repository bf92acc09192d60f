using System.Globalization;

namespace Isthmus.Cli.Pipes;

/// <summary>What <c>fifo info</c> and <c>pipe info</c> print.</summary>
internal static class PipeReport
{
    public static JsonPipeInfo Of(PipeInfo pipe, FifoStatus? file) => new(
        new JsonObject(pipe.Path is null ? "pipe" : "fifo", pipe.Inode.ToString(CultureInfo.InvariantCulture), pipe.Path),
        file is null ? null : "0" + Convert.ToString((int)file.Value.Mode, 8),
        file?.UserId,
        file?.GroupId,
        pipe.Capacity,
        pipe.BytesWaiting,
        Holders(pipe, FileAccess.Read),
        Holders(pipe, FileAccess.Write),
        pipe.HiddenProcesses);

    public static void Print(JsonPipeInfo pipe, bool json)
    {
        if (json)
        {
            JsonDocument.Write(pipe, JsonModel.Default.JsonPipeInfo);
            return;
        }
        PrintRow(pipe.Object.Kind, pipe.Object.Name ?? $"pipe:[{pipe.Object.Id}]");
        PrintRow("mode", pipe.Mode);
        PrintRow("owner", pipe.Uid is null ? null : $"user {pipe.Uid}, group {pipe.Gid}");
        PrintRow("capacity", pipe.Capacity is null ? "unknown" : $"{pipe.Capacity} bytes");
        PrintRow("waiting", pipe.Waiting is null ? "unknown" : $"{pipe.Waiting} bytes");
        PrintRow("readers", Describe(pipe.Readers));
        PrintRow("writers", Describe(pipe.Writers));
        PrintRow("hidden", pipe.HiddenProcesses == 0 ? null : $"{pipe.HiddenProcesses} processes could not be looked at");
    }

    private static List<JsonPipeHolder> Holders(PipeInfo pipe, FileAccess access) =>
    [
        .. from holder in pipe.Holders
           where (holder.Access & access) != 0
           select new JsonPipeHolder(JsonProcess.Of(holder.ProcessId), holder.Descriptor),
    ];

    private static string Describe(IReadOnlyList<JsonPipeHolder> holders) => holders.Count == 0
        ? "none"
        : string.Join(", ", holders.Select(holder => $"{holder.Process.Pid}:{holder.Descriptor} ({holder.Process.Name})"));

    private static void PrintRow(string label, string? value)
    {
        if (value is not null)
        {
            Console.WriteLine($"{label + ":",-10}{value}");
        }
    }
}
