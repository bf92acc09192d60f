namespace Isthmus.Inspection;

/// <summary>The kinds of locks that the kernel's tables tell apart (<c>proc_locks(5)</c>).</summary>
public enum FileLockFlavour
{
    /// <summary>Belongs to a process (<c>fcntl(2)</c>, F_SETLK).</summary>
    Posix,

    /// <summary>Belongs to an open file description (<c>fcntl(2)</c>, F_OFD_SETLK).</summary>
    Ofd,

    /// <summary>Belongs to an open file description, and is on the whole file (<c>flock(2)</c>).</summary>
    Flock,

    /// <summary>Tells its holder who wants to open the file, and lets that one wait (<c>fcntl(2)</c>, F_SETLEASE).</summary>
    Lease,

    /// <summary>A lease of the kernel's own file server (NFS).</summary>
    Delegation,
}
