namespace Isthmus.Inspection;

/// <summary>What of the machine as a whole could not be looked at. What of one process could not, is said there.</summary>
[Flags]
public enum SnapshotGaps
{
    /// <summary>Nothing is missing.</summary>
    None = 0,

    /// <summary>
    /// The names of POSIX message queues could not be listed (<c>/dev/mqueue</c> is not mounted, and only root can look without): those that
    /// nobody has open are missing.
    /// </summary>
    MessageQueueNames = 1,

    /// <summary>The kernel has no sock_diag(7) here: the peers of Unix sockets are not known.</summary>
    SocketPeers = 2,

    /// <summary>There is no System V IPC here.</summary>
    SystemV = 4,

    /// <summary>The kernel's table of locks could not be read: locks of processes that cannot be seen are missing.</summary>
    Locks = 8,
}
