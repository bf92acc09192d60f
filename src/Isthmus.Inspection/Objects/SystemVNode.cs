namespace Isthmus.Inspection;

/// <summary>A System V object: a message queue, a shared memory segment, or a set of semaphores (<c>proc_sysvipc(5)</c>).</summary>
/// <param name="Id">Names it; the number is the System V id.</param>
/// <param name="Name">The key as <c>0x</c> and eight digits; null for a private one.</param>
public sealed record SystemVNode(NodeId Id, string? Name) : ObjectNode(Id, Name)
{
    /// <summary>The process that made a segment; null for other kinds.</summary>
    public int? CreatorProcessId { get; init; }

    /// <summary>The process that attached or detached last, or sent last; null for a set, and for none.</summary>
    public int? LastProcessId { get; init; }

    /// <summary>The process that received from a queue last; null for other kinds, and for none.</summary>
    public int? LastReceiverProcessId { get; init; }

    /// <summary>How often a segment is attached, by whomever; null for other kinds.</summary>
    public long? AttachedCount { get; init; }

    /// <summary>Bytes in a queue's messages; null for other kinds.</summary>
    public long? Bytes { get; init; }
}
