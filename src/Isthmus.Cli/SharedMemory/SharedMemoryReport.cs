using System.Globalization;

namespace Isthmus.Cli.SharedMemory;

/// <summary>What <c>shm info</c> prints.</summary>
internal static class SharedMemoryReport
{
    public static JsonSharedMemoryInfo Of(string name, PosixSharedMemoryStatus status) => new(
        new JsonObject("posix-shm", status.Inode.ToString(CultureInfo.InvariantCulture), name),
        status.Length,
        status.Allocated,
        Octal(status.Mode),
        status.UserId,
        status.GroupId,
        null);

    public static JsonSharedMemoryInfo Of(SystemVSharedMemoryStatus status) => new(
        new JsonObject(
            "sysv-shm", status.Id.ToString(CultureInfo.InvariantCulture), status.Owner.Key == SystemVKey.Private ? null : status.Owner.Key.ToString()),
        status.Length,
        null,
        Octal(status.Owner.Mode),
        status.Owner.User,
        status.Owner.Group,
        new JsonSystemVMemory(
            status.Owner.CreatorUser, status.Owner.CreatorGroup, status.AttachedCount, status.CreatorProcessId, status.LastProcessId,
            Nanoseconds(status.AttachedAt), Nanoseconds(status.DetachedAt), Nanoseconds(status.ChangedAt), status.IsLocked, status.IsRemoved));

    public static void Print(JsonSharedMemoryInfo info, bool json)
    {
        if (json)
        {
            JsonDocument.Write(info, JsonModel.Default.JsonSharedMemoryInfo);
            return;
        }
        PrintRow("name", info.Object.Name ?? "none");
        PrintRow(info.SystemV is null ? "inode" : "id", info.Object.Id);
        PrintRow("size", $"{info.Size} bytes");
        PrintRow("allocated", info.Allocated is null ? null : $"{info.Allocated} bytes");
        PrintRow("mode", info.Mode);
        PrintRow("owner", $"user {info.Uid}, group {info.Gid}");
        if (info.SystemV is { } details)
        {
            Print(details);
        }
    }

    private static void Print(JsonSystemVMemory details)
    {
        PrintRow("creator", $"user {details.CreatorUid}, group {details.CreatorGid}, process {details.CreatorPid}");
        PrintRow("attached", $"{details.Attached} times");
        PrintRow("last", details.LastPid == 0 ? "never attached" : $"process {details.LastPid}");
        string state = string.Join(", ", Words(details));
        PrintRow("state", state.Length == 0 ? null : state);
    }

    private static IEnumerable<string> Words(JsonSystemVMemory details)
    {
        if (details.Locked)
        {
            yield return "locked in memory";
        }
        if (details.Removed)
        {
            yield return "removed, and gone with the last that detaches it";
        }
    }

    private static string Octal(UnixFileMode mode) => "0" + Convert.ToString((int)mode, 8);

    private static long? Nanoseconds(DateTimeOffset? time) => time?.ToUnixTimeSeconds() * 1_000_000_000;

    private static void PrintRow(string label, string? value)
    {
        if (value is not null)
        {
            Console.WriteLine($"{label + ":",-11}{value}");
        }
    }
}
