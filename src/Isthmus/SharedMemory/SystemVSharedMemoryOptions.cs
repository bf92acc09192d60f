namespace Isthmus;

/// <summary>How <see cref="SystemVSharedMemory"/> is made.</summary>
public sealed record SystemVSharedMemoryOptions
{
    /// <summary>Who may attach it, whatever the umask: the owner only (0600), unless more is asked for.</summary>
    public UnixFileMode Mode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Pages of this size in bytes, such as 2 MiB, from those that the administrator has reserved (<c>vm.nr_hugepages</c>). Null for
    /// ordinary pages.
    /// </summary>
    public long? HugePageSize
    {
        get;
        init => field = HugePages.CheckSize(value);
    }

    /// <summary>For <c>OpenOrCreate</c>: accept an existing object of another user; see <see cref="MemoryOpenOptions.AnyOwner"/>.</summary>
    public bool AnyOwner { get; init; }
}
