namespace Isthmus;

/// <summary>What a System V message queue is like when it is made.</summary>
public sealed record SystemVMessageQueueOptions
{
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    /// <summary>Who may receive (read) and send (write), whatever the umask: the owner only (0600), unless more is asked for.</summary>
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

    /// <summary>For <see cref="SystemVMessageQueue.OpenOrCreate"/>: accept a queue that another user owns or has made.</summary>
    public bool AnyOwner { get; init; }
}
