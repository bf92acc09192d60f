using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>What <c>show PID</c> shows.</summary>
internal sealed record ProcessView(
    ProcessNode Process, ProcessNode? Parent, ProcessDetail? Detail, IReadOnlyList<HeldObject> Objects, Reason Reason)
{
    public static ProcessView Of(Snapshot snapshot, ProcessNode process, bool noRuntime) => new(
        process,
        snapshot.FindProcess(process.ParentId),
        ProcessDetail.Read(process),
        [
            .. from edge in snapshot.EdgesFrom(process.Node)
               where edge.Kind is EdgeKind.HoldsOpen or EdgeKind.ListensOn or EdgeKind.Maps or EdgeKind.TakesPart or EdgeKind.HoldsLock
               let node = snapshot.FindObject(edge.To)
               where node is not null && !(noRuntime && node.IsRuntime)
               orderby edge.Kind is EdgeKind.Maps or EdgeKind.TakesPart or EdgeKind.HoldsLock ? edge.Kind : EdgeKind.HoldsOpen, edge.Descriptor
               select HeldObject.Of(snapshot, node, new ObjectUse(process, edge)),
        ],
        Reason.Of(snapshot, process.Id)!);

    public JsonProcessView ToJson() => new(
        InspectionJson.Of(Process, Detail),
        [.. Process.Threads.Select(InspectionJson.Of)],
        [
            .. Objects.Select(held => new JsonHeldObject(
                InspectionJson.Of(held.Node.Id, held.Node.Name), held.Use.Relation, held.Use.Edge.Descriptor, held.Use.Access,
                [.. held.Others.Select(InspectionJson.Of)])),
        ],
        Reason.HiddenProcesses);
}
