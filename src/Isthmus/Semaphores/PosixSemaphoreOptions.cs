namespace Isthmus;

/// <summary>How a named <see cref="PosixSemaphore"/> is made and opened.</summary>
public sealed record PosixSemaphoreOptions
{
    /// <summary>Who may use a new one, whatever the umask: the owner only (0600), unless more is asked for. Using it needs both reading and writing.</summary>
    public UnixFileMode Mode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Accept an existing one that another user owns. Without it only one's own and root's are opened: somebody else could have made one
    /// under the name, and could truncate it under our feet, which ends this process by SIGBUS.
    /// </summary>
    public bool AnyOwner { get; init; }
}
