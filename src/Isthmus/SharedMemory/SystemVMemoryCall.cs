using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The calls on a System V segment, with what to do when they fail.</summary>
internal static unsafe class SystemVMemoryCall
{
    /// <summary>Makes a segment; null when the key is taken.</summary>
    public static int? TryCreate(SystemVKey key, long length, int flags) =>
        Get(key, length, flags | LibC.IPC_CREAT | LibC.IPC_EXCL, expected: Errno.EEXIST);

    /// <summary>Finds a segment; null when there is none.</summary>
    public static int? TryFind(SystemVKey key) => Get(key, 0, 0, expected: Errno.ENOENT);

    /// <summary>Reads what the kernel knows (<c>IPC_STAT</c>).</summary>
    public static LibC.shmid_ds Stat(int id, string name)
    {
        LibC.shmid_ds status;
        return LibC.shmctl(id, LibC.IPC_STAT, &status) == 0 ? status : throw Failed(Errno.Last, "shmctl", name);
    }

    /// <summary>A command that has no result.</summary>
    public static void Control(int id, int command, LibC.shmid_ds* argument = null)
    {
        if (LibC.shmctl(id, command, argument) < 0)
        {
            throw Failed(Errno.Last, "shmctl", Name(id));
        }
    }

    /// <summary>Removes what somebody else may have removed already.</summary>
    public static void TryRemove(int id) => _ = LibC.shmctl(id, LibC.IPC_RMID, null);

    /// <summary>An id as a name, for errors.</summary>
    public static string Name(int id) => id.ToString(CultureInfo.InvariantCulture);

    /// <summary>The exception for an error, which was read before anything else was called.</summary>
    public static Exception Failed(Errno errno, string call, string name) => PosixException.From(errno, call, name, Hint(call, errno));

    private static int? Get(SystemVKey key, long length, int flags, Errno expected)
    {
        int id = LibC.shmget(key.Value, (nuint)length, flags);
        if (id >= 0)
        {
            return id;
        }
        Errno errno = Errno.Last;
        return errno == expected ? null : throw Failed(errno, "shmget", key.ToString());
    }

    private static string? Hint(string call, Errno errno) => (call, errno) switch
    {
        ("shmget", Errno.EEXIST) => "Remove it, open it, or choose another key.",
        ("shmget", Errno.EINVAL) => "It is larger than this machine allows ('ipcs -lm' tells the limits), or than the segment that has the key",
        ("shmget", Errno.ENOSPC) =>
            $"There are as many segments as may be, {Sysctl.Describe("kernel.shmmni")}, or pages (kernel.shmall): remove some (ipcs -m, ipcrm)",
        ("shmget", Errno.ENOMEM) => "There is not so much memory, or not so many huge pages are reserved (sysctl vm.nr_hugepages)",
        ("shmget", Errno.EPERM) => "Huge pages need the group of vm.hugetlb_shm_group, or CAP_IPC_LOCK",
        ("shmat" or "shmctl", Errno.EINVAL or Errno.EIDRM) => "No such segment; it was removed",
        ("shmctl", Errno.EPERM) => $"Only its owner or creator may, and locking needs RLIMIT_MEMLOCK ({MemoryLimits.Locked()} bytes)",
        ("shmctl", Errno.ENOMEM) => $"This process may lock {MemoryLimits.Locked()} bytes in memory (RLIMIT_MEMLOCK)",
        _ => null,
    };
}
