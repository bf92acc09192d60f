namespace Isthmus;

/// <summary>Whether a lock lets others in.</summary>
public enum FileLockMode
{
    /// <summary>
    /// A read lock: any number of them at once. <see cref="FileLockKind.Ofd"/> and <see cref="FileLockKind.Posix"/> need a
    /// descriptor that reads.
    /// </summary>
    Shared,

    /// <summary>
    /// A write lock: nobody else. <see cref="FileLockKind.Ofd"/> and <see cref="FileLockKind.Posix"/> need a descriptor that
    /// writes.
    /// </summary>
    Exclusive,
}
