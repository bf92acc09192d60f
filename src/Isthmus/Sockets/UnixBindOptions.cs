namespace Isthmus;

/// <summary>How a socket gets its name.</summary>
public record UnixBindOptions
{
    /// <summary>
    /// Who may connect: the mode of the socket file, whatever the umask; never wider for a moment. The default is 0600.
    /// Connecting needs write permission.
    /// </summary>
    public UnixFileMode Mode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Replaces a name whose socket is dead (its process was killed, or closed without <c>Unlink</c>). A live one is
    /// never touched, however many processes try at once. The default is to fail whenever the name exists.
    /// </summary>
    public bool TakeOverStaleName { get; init; }

    /// <summary>
    /// Accepts a directory that other users may rearrange (owned by somebody else but root, or writable for all without
    /// the sticky bit), where the name is worth nothing.
    /// </summary>
    public bool AllowUntrustedDirectory { get; init; }
}
