using Isthmus.Native;

namespace Isthmus;

/// <summary>What the kernel knows of a System V semaphore set at one moment. Times are in whole seconds.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">Key, owner, creator and mode.</param>
/// <param name="Count">How many semaphores it has.</param>
/// <param name="OperatedAt">When somebody last acquired, released or waited for zero; null: never, so it may have no values yet.</param>
/// <param name="ChangedAt">When it was made, or its values, owner or mode were set.</param>
public sealed record SystemVSemaphoreSetStatus(
    int Id, SystemVOwner Owner, int Count, DateTimeOffset? OperatedAt, DateTimeOffset ChangedAt)
{
    internal static SystemVSemaphoreSetStatus From(int id, in LibC.SemaphoreSetStatus status) => new(
        id,
        SystemVOwner.From(status.sem_perm),
        (int)status.sem_nsems,
        status.sem_otime == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(status.sem_otime),
        DateTimeOffset.FromUnixTimeSeconds(status.sem_ctime));
}
