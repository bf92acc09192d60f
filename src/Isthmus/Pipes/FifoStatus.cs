namespace Isthmus;

/// <summary>What the file system knows about a FIFO.</summary>
/// <param name="Mode">Who may open it.</param>
/// <param name="UserId">Its owner.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="Inode">Its number in its file system.</param>
public readonly record struct FifoStatus(UnixFileMode Mode, uint UserId, uint GroupId, ulong Inode);
