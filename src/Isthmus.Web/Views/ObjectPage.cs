using System.Globalization;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;
using Isthmus.Web.Feed;

namespace Isthmus.Web.Views;

/// <summary>One object with all its users, as <c>isthmus show OBJECT</c> tells it.</summary>
internal static class ObjectPage
{
    /// <summary>Null for an object that only processes which are not shown have.</summary>
    public static JsonObjectPage? TryOf(Snapshot snapshot, ObjectNode node, Scope scope)
    {
        IReadOnlyList<ObjectUse> uses = ObjectRow.Of(snapshot, node).Uses;
        ObjectUse[] others =
        [
            .. from edge in snapshot.EdgesFrom(node.Id)
               where edge.Kind == EdgeKind.ConnectedTo
               let end = snapshot.FindObject(edge.To)
               where end is not null
               from use in ObjectRow.Of(snapshot, end).Uses
               select use,
        ];
        ObjectUse[] all = [.. uses, .. others];
        return all.Length > 0 && !all.Any(use => scope.Includes(use.Process))
            ? null
            : new JsonObjectPage(
                node.Id.ToString(), node.Kind.ToWord(), NameOf(node), [.. Facts(node).Where(fact => fact.Value.Length > 0)],
                [.. uses.Select(UserOf)], [.. others.Select(UserOf)], [.. Watched(snapshot, node)]);
    }

    public static string? NameOf(ObjectNode node) => node is { Name: { } name, IsDeleted: true } ? name + " (deleted)" : node.Name;

    public static JsonUser UserOf(ObjectUse use) => new(
        GraphBuilder.KeyOf(use.Process), use.Process.Id, use.Process.Name, use.Relation, use.Access, use.Edge.Descriptor);

    private static IEnumerable<JsonFact> Facts(ObjectNode node)
    {
        yield return new("owner", node.UserId is { } user ? UserNames.Of(user) : "");
        yield return new("mode", node.Mode is { } mode ? "0" + Convert.ToString((int)mode, 8) : "");
        yield return new("size", Number(node.Size));
        string capacity = node.Capacity is null ? "" : $" of {Number(node.Capacity)}";
        yield return new("fill", node.Fill is null ? "" : Number(node.Fill) + capacity);
        switch (node)
        {
            case SegmentNode segment:
                yield return new("segment of a", segment.SegmentKind);
                break;
            case SocketNode socket:
                yield return new("state", socket.IsKnown ? $"{Words(socket.State)}, {Words(socket.Form)}" : "not told by the kernel");
                yield return new("peer", socket.PeerName ?? socket.Peer?.ToString() ?? "");
                yield return new("bytes to send", Number(socket.BytesToSend));
                break;
            case FileLockNode held:
                yield return new("lock", $"{Words(held.Flavour)}, {Words(held.LockMode)}");
                yield return new("bytes", held.Range.Length == 0
                    ? $"from {Number(held.Range.Start)} on" : $"{Number(held.Range.Length)} from {Number(held.Range.Start)} on");
                break;
            case SystemVNode system:
                yield return new("made by", Number(system.CreatorProcessId));
                yield return new("used last by", Number(system.LastProcessId));
                yield return new("attached", Number(system.AttachedCount));
                break;
        }
    }

    private static IEnumerable<JsonFact> Watched(Snapshot snapshot, ObjectNode node) =>
        from edge in snapshot.EdgesFrom(node.Id)
        where edge.Kind == EdgeKind.Watches
        let process = snapshot.FindProcess(edge.To)
        select process is not null
            ? new JsonFact("process", process.ToString())
            : new JsonFact(edge.To.ToString(), snapshot.FindObject(edge.To)?.Name ?? "");

    private static string Words<T>(T value)
        where T : struct, Enum => PageModel.Word(value).Replace('_', ' ');

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
