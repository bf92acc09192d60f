using Isthmus.Native;

namespace Isthmus;

/// <summary>What is known about a named <see cref="PosixSemaphore"/> without opening it. Who holds or awaits a unit, nobody knows.</summary>
/// <param name="User">The owner's user id.</param>
/// <param name="Group">The owner's group id.</param>
/// <param name="Mode">Who may use it: both reading and writing are needed.</param>
public sealed record PosixSemaphoreStatus(uint User, uint Group, UnixFileMode Mode)
{
    internal static PosixSemaphoreStatus From(in LibC.statx status) =>
        new(status.stx_uid, status.stx_gid, (UnixFileMode)(status.stx_mode & 0xFFF));
}
