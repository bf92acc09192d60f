namespace Isthmus.Inspection;

/// <summary>An object of Isthmus in shared memory: its segment, read without disturbing it, and without a right to trace anybody.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Name">Its bare name when it stands in a user's own directory, else its path; null for one without a name, in a memfd.</param>
public sealed record SegmentNode(NodeId Id, string? Name) : ObjectNode(Id, Name)
{
    /// <summary>The path of its file, whoever's directory that is in; null for one without a name.</summary>
    public string? Path { get; init; }

    /// <summary>What its maker called it: <c>mutex</c>, <c>semaphore</c>, …</summary>
    public required string SegmentKind { get; init; }

    /// <summary>Who takes part, by slot; the dead too, until they are recovered.</summary>
    public required IReadOnlyList<SharedParticipant> Participants { get; init; }

    /// <summary>Who is in the mutex or the lock, or holds units of an owner-tracked semaphore; empty for kinds that have no holder.</summary>
    public IReadOnlyList<SharedParticipant> Holders { get; init; } = [];

    /// <summary>Of a channel, how much was ever written, in <see cref="Unit"/>; null where nobody counts it.</summary>
    public long? Written { get; init; }

    /// <summary>Of a channel, what its fill and what was written are counted in.</summary>
    public SharedChannelUnit? Unit { get; init; }
}
