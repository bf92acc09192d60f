using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>What <c>show OBJECT</c> prints.</summary>
internal sealed class ObjectReport
{
    private readonly TextWriter _output;

    private ObjectReport(TextWriter output) => _output = output;

    public static void Print(Snapshot snapshot, ObjectRow row, TextWriter output) => new ObjectReport(output).Print(snapshot, row);

    private void Print(Snapshot snapshot, ObjectRow row)
    {
        ObjectNode node = row.Node;
        PrintRow(node.Kind.ToWord(), node.Name is null ? node.Id.Text : $"{node.Name}{(node.IsDeleted ? " (deleted)" : "")}");
        PrintRow("id", node.Id.ToString());
        PrintRow("owner", node.UserId is { } user ? UserNames.Of(user) : null);
        PrintRow("mode", ObjectColumns.ModeOf(node.Mode));
        PrintRow("size", Number(node.Size));
        PrintRow("fill", node.Fill is null ? null : node.Capacity is null ? Number(node.Fill) : $"{Number(node.Fill)} of {Number(node.Capacity)}");
        PrintRow("type", (node as SegmentNode)?.SegmentKind);
        PrintSystemV(snapshot, node as SystemVNode);
        if (node is SocketNode socket)
        {
            PrintRow("state", socket.IsKnown ? $"{socket.State}, {socket.Form}".ToLowerInvariant() : "not told by the kernel");
            PrintRow("peer", socket.Peer is { } peer ? $"{peer} {socket.PeerName}".TrimEnd() : socket.PeerName);
        }
        PrintUses("users", row.Uses);
        foreach (NodeId end in snapshot.EdgesFrom(node.Id).Where(edge => edge.Kind == EdgeKind.ConnectedTo).Select(edge => edge.To))
        {
            PrintUses("other end", snapshot.FindObject(end) is { } other ? ObjectRow.Of(snapshot, other).Uses : []);
        }
        foreach (Edge edge in snapshot.EdgesFrom(node.Id).Where(edge => edge.Kind == EdgeKind.Watches))
        {
            PrintRow("watches", snapshot.FindProcess(edge.To)?.ToString() ?? Describe(snapshot.FindObject(edge.To), edge.To));
        }
    }

    /// <summary><c>pipe:4711</c>, with its name if it has one.</summary>
    public static string Describe(ObjectNode? node, NodeId id) => node?.Name is { } name
        ? $"{id.Kind.ToWord()} {name}{(node.IsDeleted ? " (deleted)" : "")}"
        : id.ToString();

    /// <summary><c>123:4 (worker) reads</c>.</summary>
    public static string Describe(ObjectUse use)
    {
        string descriptor = use.Edge.Descriptor is { } number ? string.Create(CultureInfo.InvariantCulture, $":{number}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{use.Process.Id}{descriptor} ({use.Process.Name}) {Verb(use)}").TrimEnd();
    }

    private static string Verb(ObjectUse use) => use.Edge.Kind switch
    {
        EdgeKind.ListensOn => "listens",
        EdgeKind.Maps => use.Access is "r" ? "maps it to read" : "maps it",
        EdgeKind.TakesPart => "takes part",
        EdgeKind.HoldsLock => "holds it",
        EdgeKind.WaitsFor => "waits for it",
        _ => use.Access switch { "r" => "reads", "w" => "writes", "rw" => "reads and writes", _ => "" },
    };

    private void PrintSystemV(Snapshot snapshot, SystemVNode? node)
    {
        bool isQueue = node?.Kind == NodeKind.SystemVMessageQueue;
        PrintRow("bytes", Number(node?.Bytes));
        PrintRow("attached", Number(node?.AttachedCount));
        PrintRow("made by", Who(snapshot, node?.CreatorProcessId));
        PrintRow(isQueue ? "last sent by" : "last used by", Who(snapshot, node?.LastProcessId));
        PrintRow("last received by", Who(snapshot, node?.LastReceiverProcessId));
    }

    // The kernel keeps the numbers of those who have ended, too.
    private static string? Who(Snapshot snapshot, int? process) => process is { } id
        ? snapshot.FindProcess(id)?.ToString() ?? string.Create(CultureInfo.InvariantCulture, $"{id} (not there any more or not seen)")
        : null;

    private void PrintUses(string label, IReadOnlyList<ObjectUse> uses)
    {
        if (uses.Count == 0)
        {
            PrintRow(label, "nobody who can be seen");
        }
        foreach (ObjectUse use in uses)
        {
            PrintRow(label, Describe(use));
        }
    }

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private void PrintRow(string label, string? value)
    {
        if (value is not null)
        {
            _output.WriteLine($"{label + ":",-18}{Printable.Of(value)}");
        }
    }
}
