using System.Globalization;

namespace Isthmus.Cli.Doctor;

/// <summary>Message queues, pipes and sockets.</summary>
internal static class QueueChecks
{
    private const long FewMessages = 64, FewDatagrams = 64, DefaultPipe = 65536;

    public static IEnumerable<DoctorFinding> Run(MachineFiles files) =>
    [
        PosixQueues(files),
        QueueDirectory(files),
        SystemVQueues(files),
        Pipes(files),
        Datagrams(files.Number("proc/sys/net/unix/max_dgram_qlen")),
    ];

    private static DoctorFinding PosixQueues(MachineFiles files)
    {
        const string Settings = "proc/sys/fs/mqueue/";
        if (files.Number(Settings + "msg_max") is not { } messages || files.Number(Settings + "msgsize_max") is not { } size)
        {
            return new("POSIX queues", DoctorState.Missing, "no", "this kernel has none: PosixMessageQueue throws ENOSYS");
        }
        (long? bytes, _) = files.Limit("Max msgqueue size");
        string value = string.Create(
            CultureInfo.InvariantCulture, $"{messages} messages of {size} bytes; {bytes?.ToString(CultureInfo.InvariantCulture) ?? "unlimited"} bytes a user");
        return DoctorFinding.Of(
            "POSIX queues", messages >= FewMessages, value, "PosixMessageQueue up to that",
            "more is refused (EINVAL, EMFILE): sysctl fs.mqueue.msg_max, ulimit -q; a SharedQueue has no such limit");
    }

    private static DoctorFinding QueueDirectory(MachineFiles files)
    {
        bool isMounted = files.Lines("proc/self/mounts").Any(line => line.Split(' ') is [_, _, "mqueue", ..]);
        return DoctorFinding.Of(
            "/dev/mqueue", isMounted, isMounted ? "mounted" : "not mounted",
            "all POSIX queues are listed",
            "without root, only POSIX queues are listed that somebody has open: mount -t mqueue mqueue /dev/mqueue");
    }

    private static DoctorFinding SystemVQueues(MachineFiles files)
    {
        const string Settings = "proc/sys/kernel/";
        return files.Number(Settings + "msgmax") is not { } size
            ? new("System V queues", DoctorState.Missing, "no", "this kernel has none: SystemVMessageQueue throws ENOSYS")
            : new(
                "System V queues", DoctorState.Ok,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{files.Number(Settings + "msgmni")} queues of {files.Number(Settings + "msgmnb")} bytes, messages up to {size} bytes"),
                "SystemVMessageQueue up to that");
    }

    private static DoctorFinding Pipes(MachineFiles files)
    {
        long? most = files.Number("proc/sys/fs/pipe-max-size"), pages = files.Number("proc/sys/fs/pipe-user-pages-soft");
        return DoctorFinding.Of(
            "pipes", most > DefaultPipe, string.Create(CultureInfo.InvariantCulture, $"up to {most} bytes; {pages} pages a user"),
            "a pipe can be made that large; beyond the pages of a user, new pipes hold 4 KiB",
            "pipes cannot be made larger (EPERM): sysctl fs.pipe-max-size");
    }

    private static DoctorFinding Datagrams(long? most) => DoctorFinding.Of(
        "Unix datagrams", most >= FewDatagrams, string.Create(CultureInfo.InvariantCulture, $"{most} waiting"),
        "so many wait in a socket before its senders do",
        "so few wait in a socket before its senders wait, too: sysctl net.unix.max_dgram_qlen");
}
