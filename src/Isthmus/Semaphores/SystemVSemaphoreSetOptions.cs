namespace Isthmus;

/// <summary>What a System V semaphore set is like when it is made.</summary>
public sealed record SystemVSemaphoreSetOptions
{
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    /// <summary>
    /// Who may look and wait for zero (read), and acquire and release (write), whatever the umask: the owner only (0600), unless more is asked for.
    /// </summary>
    public UnixFileMode Mode
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(value & ~Permissions, default, nameof(Mode));
            field = value;
        }
    }
    = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The value of each semaphore at first, 0 to <see cref="SystemVSemaphoreSet.ValueMax"/>; null for zeros.</summary>
    public IReadOnlyList<int>? InitialValues { get; init; }

    /// <summary>For <see cref="SystemVSemaphoreSet.OpenOrCreate"/>: how an existing set is opened.</summary>
    public SystemVSemaphoreSetOpenOptions Existing { get; init; } = new();
}
