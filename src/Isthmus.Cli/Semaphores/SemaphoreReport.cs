using System.Globalization;
using Isthmus.Cli.Names;

namespace Isthmus.Cli.Semaphores;

/// <summary>What <c>semaphore info</c> prints.</summary>
internal static class SemaphoreReport
{
    public static JsonSemaphoreInfo Of(ObjectName name) => name is ObjectName.Posix posix
        ? OfPosix(posix.Name)
        : OfSet(SemaphoreObject.OpenSet(name, anyOwner: true, acceptUninitialized: true));

    public static void Print(JsonSemaphoreInfo info, bool json)
    {
        if (json)
        {
            JsonDocument.Write(info, JsonModel.Default.JsonSemaphoreInfo);
            return;
        }
        PrintRow("name", info.Object.Name ?? "none");
        PrintRow(info.SystemV is null ? "inode" : "id", info.Object.Id);
        PrintRow("mode", info.Mode);
        PrintRow("owner", $"user {info.Uid}, group {info.Gid}");
        if (info.SystemV is { } set)
        {
            Print(set);
        }
        else
        {
            PrintRow("value", info.Value?.ToString(CultureInfo.InvariantCulture) ?? "not permitted");
        }
    }

    private static JsonSemaphoreInfo OfPosix(string name)
    {
        PosixSemaphoreStatus status = PosixSemaphore.Stat(name);
        return new JsonSemaphoreInfo(
            new JsonObject("posix-semaphore", status.Inode.ToString(CultureInfo.InvariantCulture), name),
            Octal(status.Mode), status.UserId, status.GroupId, ValueOf(name), null);
    }

    // Null where we may not look.
    private static int? ValueOf(string name)
    {
        try
        {
            using PosixSemaphore semaphore = PosixSemaphore.Open(name, new() { AnyOwner = true });
            return semaphore.Value;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static JsonSemaphoreInfo OfSet(SystemVSemaphoreSet set)
    {
        SystemVSemaphoreSetStatus status = set.Stat();
        SystemVOwner owner = status.Owner;
        return new JsonSemaphoreInfo(
            new JsonObject(
                "sysv-semaphore-set", status.Id.ToString(CultureInfo.InvariantCulture), owner.Key == SystemVKey.Private ? null : owner.Key.ToString()),
            Octal(owner.Mode), owner.User, owner.Group, null,
            new JsonSemaphoreSet(
                owner.CreatorUser, owner.CreatorGroup, Nanoseconds(status.OperatedAt), Nanoseconds(status.ChangedAt),
                [.. Enumerable.Range(0, status.Count).Select(index => Of(set.StatSemaphore(index)))]));
    }

    private static JsonSetSemaphore Of(SystemVSemaphoreStatus one) =>
        new(one.Index, one.Value, one.LastProcessId, one.WaitingForUnits, one.WaitingForZero);

    private static void Print(JsonSemaphoreSet set)
    {
        PrintRow("creator", $"user {set.CreatorUid}, group {set.CreatorGid}");
        PrintRow("state", set.OperatedAt is null ? "nobody has operated on it yet" : null);
        foreach (JsonSetSemaphore one in set.Semaphores)
        {
            string last = one.LastPid == 0 ? "" : $", last used by process {one.LastPid}";
            PrintRow($"[{one.Index}]", $"{one.Value} units, {one.WaitingForUnits} waiting for units, {one.WaitingForZero} for zero{last}");
        }
    }

    private static string Octal(UnixFileMode mode) => "0" + Convert.ToString((int)mode, 8);

    private static long? Nanoseconds(DateTimeOffset? time) => time?.ToUnixTimeSeconds() * 1_000_000_000;

    private static void PrintRow(string label, string? value)
    {
        if (value is not null)
        {
            Console.WriteLine($"{label + ":",-9}{value}");
        }
    }
}
