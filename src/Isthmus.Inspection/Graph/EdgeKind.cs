namespace Isthmus.Inspection;

/// <summary>What connects two nodes of the graph.</summary>
public enum EdgeKind
{
    /// <summary>A process has an object open, by a descriptor.</summary>
    HoldsOpen,

    /// <summary>A process has a socket open on which it takes connections.</summary>
    ListensOn,

    /// <summary>A process has memory or a file mapped.</summary>
    Maps,

    /// <summary>A process takes part in an object of Isthmus.</summary>
    TakesPart,

    /// <summary>A process has a lock or lease on a file; or is in a mutex, or holds units of a semaphore, of Isthmus.</summary>
    HoldsLock,

    /// <summary>A thread of a process is blocked until something happens to an object or a process.</summary>
    WaitsFor,

    /// <summary>What is sent into one socket or pseudoterminal comes out of the other; each of both has such an edge.</summary>
    ConnectedTo,

    /// <summary>An epoll set, an inotify or a pidfd tells about an object or a process.</summary>
    Watches,

    /// <summary>A lock is one on a file.</summary>
    LocksFile,

    /// <summary>A process is another one's parent.</summary>
    ParentOf,
}
