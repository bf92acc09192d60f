using System.Globalization;

namespace Isthmus.Cli.Doctor;

/// <summary>Shared memory: where it is, and how much.</summary>
internal static class MemoryChecks
{
    private const string SharedMemory = "/dev/shm";
    private const long FewBytes = 64L << 20, FewMaps = 65_530;

    public static IEnumerable<DoctorFinding> Run(MachineFiles files)
    {
        yield return Directory(files);
        yield return RemoveIpc(files);
        yield return MemoryLimit(files);
        yield return SystemV(files);
        yield return LockedMemory(files.Limit("Max locked memory").Soft);
        yield return Maps(files.Number("proc/sys/vm/max_map_count"));
    }

    private static DoctorFinding Directory(MachineFiles files)
    {
        if (files.Mount(SharedMemory) is not { Type: "tmpfs" })
        {
            return new(
                SharedMemory, DoctorState.Missing, "no tmpfs",
                "named shared objects and POSIX shared memory need it: mount -t tmpfs tmpfs /dev/shm, or give shared objects another directory");
        }
        DriveInfo drive = new(SharedMemory);
        return DoctorFinding.Of(
            SharedMemory, drive.AvailableFreeSpace >= FewBytes, $"{Mebibytes(drive.AvailableFreeSpace)} of {Mebibytes(drive.TotalSize)} free",
            "named shared objects and POSIX shared memory live there; one that does not fit is refused when it is made",
            "named shared objects and POSIX shared memory live there: larger ones will be refused (ENOSPC); docker run --shm-size, or mount -o "
            + "remount,size=…");
    }

    private static DoctorFinding RemoveIpc(MachineFiles files)
    {
        string? setting = files.Lines("etc/systemd/logind.conf").Select(line => line.Trim())
            .LastOrDefault(line => line.StartsWith("RemoveIPC=", StringComparison.OrdinalIgnoreCase));
        bool hasSystemd = files.HasDirectory("run/systemd/system");
        bool removes = hasSystemd && (setting is null || setting.EndsWith("yes", StringComparison.OrdinalIgnoreCase));
        return DoctorFinding.Of(
            "RemoveIPC", !removes, removes ? "yes" : "no",
            "what a user made stays when he logs out",
            "systemd removes queues, shared memory and semaphores of a user who logs out for good: run services as system users, or set RemoveIPC=no in "
            + "logind.conf");
    }

    private static DoctorFinding MemoryLimit(MachineFiles files)
    {
        (string version, string? limit) = ControlGroup(files);
        bool isLimited = long.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes < 1L << 50;
        return DoctorFinding.Of(
            "memory cgroup", !isLimited, isLimited ? $"{version}, {Mebibytes(bytes)}" : $"{version}, no limit",
            "shared memory is limited by the machine only",
            "shared memory counts against this limit, and who exceeds it is killed (SIGKILL): an object that fits /dev/shm may still be too large");
    }

    // The group's own limit; those above it may be lower.
    private static (string Version, string? Limit) ControlGroup(MachineFiles files)
    {
        string[] lines = files.Lines("proc/self/cgroup");
        string? one = lines.FirstOrDefault(line => line.Split(':') is [_, string names, _] && names.Split(',').Contains("memory"));
        if (one is not null)
        {
            string path = one.Split(':', 3)[2].TrimStart('/');
            return ("v1", files.Text(Path.Combine("sys/fs/cgroup/memory", path, "memory.limit_in_bytes")));
        }
        string? two = lines.FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal));
        return two is null ? ("none", null) : ("v2", files.Text(Path.Combine("sys/fs/cgroup", two[3..].TrimStart('/'), "memory.max")));
    }

    private static DoctorFinding SystemV(MachineFiles files)
    {
        string[] semaphores = files.Text("proc/sys/kernel/sem")?.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries) ?? [];
        long? segments = files.Number("proc/sys/kernel/shmmni");
        return segments is null || semaphores.Length != 4
            ? new("System V", DoctorState.Missing, "no", "this kernel has no System V IPC: SystemVSharedMemory and its like throw ENOSYS")
            : new(
                "System V", DoctorState.Ok,
                string.Create(CultureInfo.InvariantCulture, $"{segments} segments, {semaphores[3]} sets of {semaphores[0]} semaphores"),
                "SystemVSharedMemory and SystemVSemaphoreSet up to that");
    }

    private static DoctorFinding LockedMemory(long? bytes) => DoctorFinding.Of(
        "locked memory", bytes is null or >= FewBytes, bytes is { } some ? Mebibytes(some) : "unlimited",
        "MappedMemory.Lock keeps that much from being swapped out",
        "MappedMemory.Lock fails beyond that (ENOMEM): ulimit -l, LimitMEMLOCK=, docker run --ulimit memlock=-1");

    private static DoctorFinding Maps(long? most) => DoctorFinding.Of(
        "mappings", most > FewMaps, string.Create(CultureInfo.InvariantCulture, $"{most} a process"),
        "each open shared object is one or two of them",
        "each open shared object is one or two of them, and the runtime has some hundreds: who opens tens of thousands raises vm.max_map_count");

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0.#} MiB");
}
