namespace Isthmus.Inspection;

/// <summary>
/// A descriptor that an epoll set watches, as it was numbered when it was added, the inode behind it, and whether data or room is waited for.
/// </summary>
internal readonly record struct EpollTarget(int Descriptor, ulong Inode, FileAccess Access);
