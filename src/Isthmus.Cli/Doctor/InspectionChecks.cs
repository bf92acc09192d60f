using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Cli.Doctor;

/// <summary>What of the machine can be looked at.</summary>
internal static class InspectionChecks
{
    private const int TracesProcesses = 19;

    public static IEnumerable<DoctorFinding> Run(MachineFiles files) =>
    [
        Processes(files),
        Tracing(files),
        Sockets(),
    ];

    private static DoctorFinding Processes(MachineFiles files)
    {
        string? hidden = files.Mount("/proc")?.Options.FirstOrDefault(option => option.StartsWith("hidepid=", StringComparison.Ordinal));
        bool hides = hidden is not (null or "hidepid=0" or "hidepid=off");
        return DoctorFinding.Of(
            "processes of others", !hides, hides ? hidden! : "visible",
            "all processes are listed; what they have open only to root and themselves",
            "/proc hides processes of others: who holds what may be somebody who cannot be seen");
    }

    private static DoctorFinding Tracing(MachineFiles files)
    {
        long scope = files.Number("proc/sys/kernel/yama/ptrace_scope") ?? 0;
        bool isAllowed = scope == 0 || HasCapability(files.Field("proc/self/status", "CapEff"), TracesProcesses);
        return DoctorFinding.Of(
            "tracing", isAllowed, string.Create(CultureInfo.InvariantCulture, $"ptrace_scope {scope}"),
            "'isthmus why' sees in which call a process of the same user waits",
            "'isthmus why' sees waits for locks and for objects of Isthmus, and not in which call a process waits: root, or sysctl kernel.yama.ptrace_scope=0");
    }

    private static DoctorFinding Sockets()
    {
        Snapshot snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.Descriptors, ProcessIds = [Environment.ProcessId] });
        bool isTold = !snapshot.Gaps.HasFlag(SnapshotGaps.SocketPeers);
        return DoctorFinding.Of(
            "socket peers", isTold, isTold ? "sock_diag" : "no sock_diag",
            "both ends of Unix sockets are joined",
            "the other end of a Unix socket cannot be told: the kernel has no CONFIG_UNIX_DIAG, or a filter forbids it");
    }

    private static bool HasCapability(string? hexadecimal, int number) =>
        ulong.TryParse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong bits) && (bits >> number & 1) != 0;
}
