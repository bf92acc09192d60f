using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>An object that a process uses, and the others behind it: who else has it, or has its other end.</summary>
internal sealed record HeldObject(ObjectNode Node, ObjectUse Use, IReadOnlyList<ObjectUse> Others)
{
    public static HeldObject Of(Snapshot snapshot, ObjectNode node, ObjectUse use)
    {
        IEnumerable<NodeId> ends = snapshot.EdgesFrom(node.Id).Where(edge => edge.Kind == EdgeKind.ConnectedTo).Select(edge => edge.To);
        // Of the same object what the process itself has counts as well when it is another descriptor: the other end of a pipe.
        return new HeldObject(
            node,
            use,
            [
                .. from end in ends.Prepend(node.Id)
                   from edge in snapshot.EdgesTo(end)
                   let process = snapshot.FindProcess(edge.From)
                   where process is not null && edge != use.Edge && IsOfInterest(node.Kind, end == node.Id, edge, use.Edge)
                   // Who has the other end comes before who has the same.
                   orderby end == node.Id && edge.Access == use.Edge.Access
                   select new ObjectUse(process, edge),
            ]);
    }

    // Everybody has /dev/null and the libraries open.
    private static bool IsOfInterest(NodeKind kind, bool isSameObject, Edge edge, Edge own) =>
        !isSameObject || (kind.IsIpc() && (edge.From != own.From || edge.Access != own.Access));
}
