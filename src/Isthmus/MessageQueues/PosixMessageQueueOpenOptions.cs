namespace Isthmus;

/// <summary>How a POSIX message queue that exists is opened.</summary>
public sealed record PosixMessageQueueOpenOptions
{
    /// <summary>Whether this object receives (read), sends (write), or both.</summary>
    public FileAccess Access { get; init; } = FileAccess.ReadWrite;

    /// <summary>
    /// Accept a queue that another user owns. Without it only one's own and root's are opened: the names belong to all users, and somebody else
    /// could have taken this one first.
    /// </summary>
    public bool AnyOwner { get; init; }
}
