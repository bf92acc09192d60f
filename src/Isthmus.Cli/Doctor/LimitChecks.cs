using System.Globalization;

namespace Isthmus.Cli.Doctor;

/// <summary>How much of what a process may have.</summary>
internal static class LimitChecks
{
    private const long FewDescriptors = 4096, FewProcesses = 1024, FewSignals = 1024;

    public static IEnumerable<DoctorFinding> Run(MachineFiles files) =>
    [
        Of(
            files, "descriptors", "Max open files", FewDescriptors, "an open pipe or socket is one of them, a process that is watched another",
            "EMFILE; ulimit -n"),
        Of(files, "processes", "Max processes", FewProcesses, "processes and threads of the user", "EAGAIN at a start; ulimit -u, pids.max of the cgroup"),
        Of(
            files, "queued signals", "Max pending signals", FewSignals, "real-time signals that wait, and timers, of the user",
            "EAGAIN from ProcessHandle.Queue; ulimit -i"),
    ];

    private static DoctorFinding Of(MachineFiles files, string name, string limit, long few, string what, string when)
    {
        (long? soft, long? hard) = files.Limit(limit);
        return DoctorFinding.Of(name, soft is null || soft >= few, $"{Word(soft)}, at most {Word(hard)}", what, $"{what}; beyond that {when}");
    }

    private static string Word(long? limit) => limit?.ToString(CultureInfo.InvariantCulture) ?? "unlimited";
}
