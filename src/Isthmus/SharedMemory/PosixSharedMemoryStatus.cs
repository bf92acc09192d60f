using Isthmus.Native;

namespace Isthmus;

/// <summary>What the kernel knows about a <see cref="PosixSharedMemory"/>. Who has it mapped, it does not count.</summary>
/// <param name="Length">The size in bytes.</param>
/// <param name="Allocated">The bytes that it occupies; less than the size when it has holes, as C programs make it.</param>
/// <param name="Mode">Who may open it.</param>
/// <param name="UserId">Its owner.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="Inode">Its number in <c>/dev/shm</c>, as <c>/proc/PID/maps</c> shows it.</param>
public sealed record PosixSharedMemoryStatus(long Length, long Allocated, UnixFileMode Mode, uint UserId, uint GroupId, ulong Inode)
{
    private const int BytesPerBlock = 512;

    internal static PosixSharedMemoryStatus From(LibC.statx status) => new(
        (long)status.stx_size, (long)status.stx_blocks * BytesPerBlock, (UnixFileMode)(status.stx_mode & ~LibC.S_IFMT),
        status.stx_uid, status.stx_gid, status.stx_ino);
}
