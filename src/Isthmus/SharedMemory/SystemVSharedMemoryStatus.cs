using Isthmus.Native;

namespace Isthmus;

/// <summary>What the kernel knows about a <see cref="SystemVSharedMemory"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">Its key, whose it is and who may attach it.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="AttachedCount">How often it is attached now, in all processes; a forked child inherits its parent's.</param>
/// <param name="CreatorProcessId">Who made it; the process may be gone, and its number another's.</param>
/// <param name="LastProcessId">Who attached or detached it last; 0 when nobody did.</param>
/// <param name="AttachedAt">When it was attached last, to the second; null: never.</param>
/// <param name="DetachedAt">When it was detached last, to the second; null: never.</param>
/// <param name="ChangedAt">When it was made, or its owner or mode was set, to the second.</param>
/// <param name="IsLocked">It is kept from being swapped out.</param>
/// <param name="IsRemoved">It was removed, and goes with the last that detaches it.</param>
public sealed record SystemVSharedMemoryStatus(
    int Id,
    SystemVOwner Owner,
    long Length,
    long AttachedCount,
    int CreatorProcessId,
    int LastProcessId,
    DateTimeOffset? AttachedAt,
    DateTimeOffset? DetachedAt,
    DateTimeOffset ChangedAt,
    bool IsLocked,
    bool IsRemoved)
{
    internal static SystemVSharedMemoryStatus From(int id, in LibC.shmid_ds status) => new(
        id,
        SystemVOwner.From(status.shm_perm),
        (long)status.shm_segsz,
        (long)status.shm_nattch,
        status.shm_cpid,
        status.shm_lpid,
        TimeOf(status.shm_atime),
        TimeOf(status.shm_dtime),
        DateTimeOffset.FromUnixTimeSeconds(status.shm_ctime),
        (status.shm_perm.mode & LibC.SHM_LOCKED) != 0,
        (status.shm_perm.mode & LibC.SHM_DEST) != 0);

    private static DateTimeOffset? TimeOf(long seconds) => seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds);
}
