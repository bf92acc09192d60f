namespace Isthmus;

/// <summary>How a System V message queue that exists is opened.</summary>
public sealed record SystemVMessageQueueOpenOptions
{
    /// <summary>
    /// Accept a queue that another user owns or has made. Without it only one's own and root's are opened: the keys belong to all users, and
    /// somebody else could have taken this one first.
    /// </summary>
    public bool AnyOwner { get; init; }
}
