using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Names one process for ever, while its number alone is given to another process some time after its end. Two
/// identities are equal exactly when they name the same process as seen from the same pid namespace.
/// </summary>
/// <param name="Id">The process's number (pid) in <paramref name="PidNamespace"/>.</param>
/// <param name="StartTime">
/// When it started, in clock ticks (mostly 10 ms) since boot: field 22 of <c>/proc/PID/stat</c>.
/// </param>
/// <param name="PidNamespace">
/// The inode of the pid namespace that <paramref name="Id"/> counts in: that of the process which made this identity
/// (<c>/proc/self/ns/pid</c>). Under another namespace the same number is another process.
/// </param>
/// <param name="BootId">The run of the machine, from <c>/proc/sys/kernel/random/boot_id</c>.</param>
/// <remarks>
/// Good for files, messages and shared memory. To act on the process,
/// <see cref="ProcessHandle.Open(ProcessIdentity)"/>: it never takes a later process with the same number. (The kernel
/// gives numbers out in turn, so the same one cannot come again within a clock tick, unless the superuser forces it by
/// <c>ns_last_pid</c>.) See <c>proc_pid_stat(5)</c>, <c>pid_namespaces(7)</c>.
/// </remarks>
public readonly record struct ProcessIdentity(int Id, long StartTime, ulong PidNamespace, Guid BootId)
{
    // Tried again after a failure: there may have been no descriptor left.
    private static readonly Lazy<Guid> s_bootId = new(
        () => Guid.Parse(File.ReadAllText("/proc/sys/kernel/random/boot_id")), LazyThreadSafetyMode.PublicationOnly);
    private static readonly Lazy<ulong> s_pidNamespace = new(
        () => FileStatus.Behind("/proc/self/ns/pid").stx_ino, LazyThreadSafetyMode.PublicationOnly);
    private static readonly Lazy<ProcessIdentity> s_current = new(
        () => At("/proc/self/stat", LibC.getpid())!.Value, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>This process.</summary>
    public static ProcessIdentity Current => s_current.Value;

    /// <summary>
    /// True when made in this run of this machine and in this pid namespace, so that <see cref="Id"/> means something
    /// here.
    /// </summary>
    public bool IsLocal => BootId == s_bootId.Value && PidNamespace == s_pidNamespace.Value;

    /// <summary>The process that has the number <paramref name="pid"/> now; a zombie counts.</summary>
    /// <exception cref="PosixException"><c>ESRCH</c> there is none.</exception>
    /// <exception cref="PlatformNotSupportedException">/proc is that of another pid namespace.</exception>
    public static ProcessIdentity Of(int pid) =>
        TryOf(pid, out ProcessIdentity identity) ? identity : throw NoSuchProcess(pid);

    /// <summary>As <see cref="Of(int)"/>; false when there is no such process.</summary>
    /// <inheritdoc cref="Of(int)"/>
    public static bool TryOf(int pid, out ProcessIdentity identity)
    {
        ProcessIdentity? found = pid > 0 ? At(ProcFs.Of(pid) + "/stat", pid) : null;
        identity = found.GetValueOrDefault();
        return found is not null;
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ProcessIdentity identity)
    {
        identity = default;
        if (text?.Split('.') is not [string id, string start, string space, string boot]
            || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
            || !long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out long startTime)
            || !ulong.TryParse(space, NumberStyles.None, CultureInfo.InvariantCulture, out ulong pidNamespace)
            || !Guid.TryParseExact(boot, "N", out Guid bootId))
        {
            return false;
        }
        identity = new ProcessIdentity(pid, startTime, pidNamespace, bootId);
        return true;
    }

    /// <summary>
    /// One word, for files and arguments: number, start time, namespace and boot id with dots between.
    /// </summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Id}.{StartTime}.{PidNamespace}.{BootId:N}");

    internal static Exception NoSuchProcess(int pid, string? hint = null) =>
        PosixException.From(Errno.ESRCH, "pidfd_open", pid.ToString(CultureInfo.InvariantCulture), hint);

    internal static ProcessIdentity Of(int pid, ProcStat stat) => StartedAt(pid, stat.StartTime);

    internal static ProcessIdentity StartedAt(int pid, long startTime) => new(pid, startTime, s_pidNamespace.Value, s_bootId.Value);

    private static ProcessIdentity? At(string path, int pid) =>
        ProcStat.TryRead(path, out ProcStat stat) ? Of(pid, stat) : null;
}
