namespace Isthmus;

/// <summary>How shared memory with a name is made.</summary>
public sealed record MemoryCreateOptions
{
    /// <summary>Who may open it, whatever the umask: the owner only (0600), unless more is asked for.</summary>
    public UnixFileMode Mode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Writes the first content, before the name exists: whoever opens it, finds it finished. When it throws, nothing was made. It may
    /// run in vain when several processes create at once.
    /// </summary>
    public Action<MappedMemory>? Initialize { get; init; }

    /// <summary>For <c>OpenOrCreate</c>: accept an existing object of another user; see <see cref="MemoryOpenOptions.AnyOwner"/>.</summary>
    public bool AnyOwner { get; init; }
}
