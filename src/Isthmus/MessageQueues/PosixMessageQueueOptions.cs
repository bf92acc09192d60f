namespace Isthmus;

/// <summary>What a POSIX message queue is like when it is made, and how it is opened then.</summary>
public sealed record PosixMessageQueueOptions
{
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    /// <summary>
    /// How many messages it holds before a sender must wait; null for the system's default. At most <see cref="PosixMessageQueueLimits.MaxMessages"/>.
    /// </summary>
    public int? MaxMessages
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value ?? 1, nameof(MaxMessages));
            field = value;
        }
    }

    /// <summary>
    /// The longest message in bytes, which also is the least size of a receiver's buffer; null for the system's default. At most
    /// <see cref="PosixMessageQueueLimits.MaxMessageSize"/>.
    /// </summary>
    public int? MaxMessageSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value ?? 1, nameof(MaxMessageSize));
            field = value;
        }
    }

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

    /// <summary>Whether this object receives, sends, or both.</summary>
    public FileAccess Access { get; init; } = FileAccess.ReadWrite;

    /// <summary>For <see cref="PosixMessageQueue.OpenOrCreate"/>: accept a queue that another user owns.</summary>
    public bool AnyOwner { get; init; }
}
