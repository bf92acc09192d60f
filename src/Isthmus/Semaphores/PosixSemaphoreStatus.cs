using Isthmus.Native;

namespace Isthmus;

/// <summary>What is known about a named <see cref="PosixSemaphore"/> without opening it. Who holds or awaits a unit, nobody knows.</summary>
/// <param name="Inode">Its number in <c>/dev/shm</c>: another one under the same name has another.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="GroupId">Which group's it is.</param>
/// <param name="Mode">Who may use it: both reading and writing are needed.</param>
public sealed record PosixSemaphoreStatus(ulong Inode, uint UserId, uint GroupId, UnixFileMode Mode)
{
    internal static PosixSemaphoreStatus From(in LibC.statx status) =>
        new(status.stx_ino, status.stx_uid, status.stx_gid, (UnixFileMode)(status.stx_mode & 0xFFF));
}
