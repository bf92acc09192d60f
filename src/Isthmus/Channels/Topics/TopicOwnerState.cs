namespace Isthmus;

/// <summary>What the owner of a seat does there; the owner of a ring is always <see cref="Joining"/> or gone.</summary>
internal enum TopicOwnerState
{
    /// <summary>Nobody has it.</summary>
    Free,

    /// <summary>A publisher has the ring; a subscriber has the seat and clears it, and nobody minds it yet.</summary>
    Joining,

    /// <summary>A subscriber that loses the oldest samples when it is slow; its pins count.</summary>
    DropsOldest,

    /// <summary>A subscriber that no publisher overtakes; its pins and its cursors count.</summary>
    Blocks,
}
