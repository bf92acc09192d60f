using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>The columns of <c>ps</c>.</summary>
internal static class ProcessColumns
{
    public static ColumnTable<ProcessRow> Create() => new(
        [
            new("pid", "its number", row => Number(row.Process.Id), IsNumber: true),
            new("ppid", "its parent", row => Number(row.Process.ParentId), IsNumber: true),
            new("pgid", "its process group", row => Number(row.Process.GroupId), IsNumber: true),
            new("sid", "its session", row => Number(row.Process.SessionId), IsNumber: true),
            new("user", "the user it belongs to", row => UserNames.Of(row.Process.UserId)),
            new("euser", "the user whose rights it has", row => UserNames.Of(row.Process.EffectiveUserId)),
            new("state", "what its main thread does", row => row.Process.State.ToString().ToLowerInvariant()),
            new("threads", "how many it has", row => Number(row.Process.ThreadCount), IsNumber: true),
            new("fds", "how many descriptors it has open; - when not permitted", row => Descriptors(row.Process), IsNumber: true),
            new("cpu", "CPU time used, in seconds", row => Seconds(row.Process.UserTime + row.Process.SystemTime), IsNumber: true),
            new("resident", "memory in use, in KiB", row => Number(row.Process.ResidentBytes >> 10), IsNumber: true),
            new("virtual", "address space, in KiB", row => Number(row.Process.VirtualBytes >> 10), IsNumber: true),
            new("name", "its name", row => row.Indent + row.Process.Name),
            new("command", "program and arguments, or the name in brackets", row => row.Indent + CommandOf(row.Process)),
        ],
        "pid,ppid,user,state,threads,fds,cpu,resident,command");

    public static string CommandOf(ProcessNode process) =>
        process.CommandLine.Count > 0 ? string.Join(' ', process.CommandLine) : $"[{process.Name}]";

    private static string Descriptors(ProcessNode process) => process.DescriptorCount is { } count
        ? Number(count)
        : process.NotPermitted.HasFlag(SnapshotParts.Descriptors) ? "-" : "";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
