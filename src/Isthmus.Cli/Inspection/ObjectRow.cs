using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>An object, and all edges by which processes use it.</summary>
internal sealed record ObjectRow(ObjectNode Node, IReadOnlyList<ObjectUse> Uses)
{
    public static ObjectRow Of(Snapshot snapshot, ObjectNode node) => new(
        node,
        [
            .. from edge in snapshot.EdgesTo(node.Id)
               let process = snapshot.FindProcess(edge.From)
               where process is not null
               select new ObjectUse(process, edge),
        ]);

    /// <summary>The processes that use it, each once.</summary>
    public IEnumerable<ProcessNode> Users => Uses.Select(use => use.Process).DistinctBy(process => process.Id);

    /// <summary>
    /// Nobody who can be seen has it: only for what stays when nobody does. Who has attached a segment counts, even if he cannot be
    /// seen.
    /// </summary>
    public bool IsStale => Uses.Count == 0 && Node.Kind switch
    {
        NodeKind.PosixMessageQueue or NodeKind.PosixSharedMemory or NodeKind.PosixSemaphore => true,
        NodeKind.SystemVMessageQueue or NodeKind.SystemVSemaphoreSet => true,
        NodeKind.SystemVSharedMemory => Node is SystemVNode { AttachedCount: 0 },
        // One without a name goes with the last who has it.
        NodeKind.Segment => Node is SegmentNode { Name: not null } segment && !segment.Participants.Any(participant => participant.IsAlive),
        _ => false,
    };
}
