using System.Globalization;

namespace Isthmus.Cli.MessageQueues;

/// <summary>What <c>mq info</c> prints.</summary>
internal static class QueueReport
{
    public static JsonMessageQueueInfo Of(string name, PosixMessageQueueStatus status) => new(
        new JsonObject("posix-mq", null, name),
        status.Messages,
        status.MaxMessages,
        status.Bytes,
        null,
        status.MaxMessageSize,
        Octal(status.Mode),
        status.UserId,
        status.GroupId,
        status.NotifiedProcessId,
        null);

    public static JsonMessageQueueInfo Of(SystemVMessageQueueStatus status) => new(
        new JsonObject(
            "sysv-mq", status.Id.ToString(CultureInfo.InvariantCulture), status.Owner.Key == SystemVKey.Private ? null : status.Owner.Key.ToString()),
        status.Messages,
        null,
        status.Bytes,
        status.MaxBytes,
        SystemVMessageQueueLimits.Read().MaxMessageSize,
        Octal(status.Owner.Mode),
        status.Owner.User,
        status.Owner.Group,
        null,
        new JsonSystemVQueue(
            status.Owner.CreatorUser, status.Owner.CreatorGroup, status.LastSenderProcessId, status.LastReceiverProcessId,
            Nanoseconds(status.SentAt), Nanoseconds(status.ReceivedAt), Nanoseconds(status.ChangedAt)!.Value));

    public static void Print(JsonMessageQueueInfo info, bool json)
    {
        if (json)
        {
            JsonDocument.Write(info, JsonModel.Default.JsonMessageQueueInfo);
            return;
        }
        PrintRow("name", info.Object.Name ?? "none");
        PrintRow("id", info.Object.Id);
        PrintRow("messages", info.MaxMessages is null ? $"{info.Messages}" : $"{info.Messages} of {info.MaxMessages}");
        PrintRow("bytes", info.MaxBytes is null ? Text(info.Bytes) : $"{info.Bytes} of {info.MaxBytes}");
        PrintRow("longest", $"{info.MaxMessageSize} bytes");
        PrintRow("mode", info.Mode);
        PrintRow("owner", $"user {info.Uid}, group {info.Gid}");
        PrintRow("notifies", info.NotifiedPid is null ? null : $"process {info.NotifiedPid}");
        if (info.SystemV is { } details)
        {
            PrintRow("creator", $"user {details.CreatorUid}, group {details.CreatorGid}");
            PrintRow("sent", Last(details.LastSenderPid));
            PrintRow("received", Last(details.LastReceiverPid));
        }
    }

    private static string Last(int processId) => processId == 0 ? "never" : $"last by process {processId}";

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Octal(UnixFileMode mode) => "0" + Convert.ToString((int)mode, 8);

    private static long? Nanoseconds(DateTimeOffset? time) => time?.ToUnixTimeSeconds() * 1_000_000_000;

    private static void PrintRow(string label, string? value)
    {
        if (value is not null)
        {
            Console.WriteLine($"{label + ":",-10}{value}");
        }
    }
}
