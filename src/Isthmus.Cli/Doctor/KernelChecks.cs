using System.Globalization;

namespace Isthmus.Cli.Doctor;

/// <summary>The kernel, the processors, and what this process may do.</summary>
internal static class KernelChecks
{
    private static readonly Version s_least = new(5, 10), s_exitCodes = new(6, 15);

    public static IEnumerable<DoctorFinding> Run(MachineFiles files) =>
    [
        Kernel(files.Text("proc/sys/kernel/osrelease") ?? "?"),
        Processors(Environment.ProcessorCount),
        Filter(files.Field("proc/self/status", "Seccomp")),
        UserNamespaces(files.Number("proc/sys/user/max_user_namespaces"), files.Number("proc/sys/kernel/unprivileged_userns_clone")),
        ProcessNumbers(files.Number("proc/sys/kernel/pid_max")),
    ];

    private static DoctorFinding Kernel(string release)
    {
        string number = new([.. release.TakeWhile(each => char.IsAsciiDigit(each) || each == '.')]);
        Version? version = Version.TryParse(number.TrimEnd('.'), out Version? parsed) ? parsed : null;
        return version < s_least
            ? new("kernel", DoctorState.Missing, release, $"Isthmus needs Linux {s_least} or later.")
            : DoctorFinding.Of(
                "kernel", version >= s_exitCodes, release, "everything that the library uses is there",
                $"before {s_exitCodes} the exit code of a process that is not our child stays unknown");
    }

    private static DoctorFinding Processors(int count) => DoctorFinding.Of(
        "processors", count > 1, string.Create(CultureInfo.InvariantCulture, $"{count} allowed"),
        "who waits for shared memory looks again for a moment before it sleeps",
        "who waits for shared memory sleeps at once: a message costs a system call on each side");

    private static DoctorFinding Filter(string? mode) => DoctorFinding.Of(
        "seccomp", mode is "0" or null, mode switch { "0" or null => "off", "1" => "strict", _ => "filter" },
        "no system call is forbidden",
        "a filter may forbid system calls (pidfd_open, membarrier, process_vm_readv, …); an EPERM or ENOSYS without a reason is its");

    private static DoctorFinding UserNamespaces(long? most, long? unprivileged) => DoctorFinding.Of(
        "user namespaces", most is > 0 && unprivileged is not 0, most is > 0 ? unprivileged is 0 ? "for root only" : "yes" : "no",
        "containers without root can be made",
        "containers need root; nothing in the library depends on it");

    private static DoctorFinding ProcessNumbers(long? most) => DoctorFinding.Of(
        "process numbers", most > 32768, string.Create(CultureInfo.InvariantCulture, $"up to {most}"),
        "a number comes again only after many processes",
        "numbers of processes come again soon: signal by ProcessHandle, which cannot hit a successor, and never by a stored number");
}
