namespace Isthmus;

/// <summary>Which lock on a file; and, for those that open the file, how.</summary>
public sealed record FileLockOptions
{
    /// <summary>The flavour.</summary>
    public FileLockKind Kind { get; init; }

    /// <summary>The bytes that it locks; the whole file unless given. <see cref="FileLockKind.Flock"/> knows whole files only.</summary>
    public FileLockRange Range { get; init; }

    /// <summary>
    /// What <see cref="FileLock.Open"/> and <see cref="FileLock.OpenOrCreate"/> open the file for. Read is enough for shared locks, and for
    /// <see cref="FileLockKind.Flock"/>.
    /// </summary>
    public FileAccess Access { get; init; } = FileAccess.ReadWrite;

    /// <summary>
    /// The mode of a file that <see cref="FileLock.OpenOrCreate"/> makes, whatever the umask: the owner only (0600), unless
    /// more is asked for.
    /// </summary>
    public UnixFileMode CreateMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Open a file that another user owns. Without it only one's own files and root's are opened: in a directory where others
    /// may write, somebody could have put one at the name, to hold its lock for ever.
    /// </summary>
    public bool AnyOwner { get; init; }
}
