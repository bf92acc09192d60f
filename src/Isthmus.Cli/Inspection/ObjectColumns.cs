using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>The columns of <c>ls</c>.</summary>
internal static class ObjectColumns
{
    public static ColumnTable<ObjectRow> Create() => new(
        [
            new("kind", "what it is", row => row.Node.Kind.ToWord()),
            new("type", "of a segment: mutex, semaphore, …; of a socket: stream, datagram, …", row => TypeOf(row.Node)),
            new("id", "the kernel's number: an inode, a System V id; of files device and inode", row => row.Node.Id.Text, IsNumber: true),
            new("name", "path, name or key", row => NameOf(row.Node)),
            new("owner", "the user it belongs to", row => row.Node.UserId is { } user ? UserNames.Of(user) : ""),
            new("mode", "who may do what, in octal", row => ModeOf(row.Node.Mode) ?? ""),
            new("size", "in bytes; of a set of semaphores their number", row => Number(row.Node.Size), IsNumber: true),
            new("fill", "messages, connections, bytes to read, a counter's value; of how many", row => Fill(row.Node), IsNumber: true),
            new("state", "of a socket: listening, established, …; of a lock: its range", row => State(row.Node)),
            new("peer", "the other end of a socket", row => row.Node is SocketNode socket ? socket.PeerName ?? socket.Peer?.ToString() ?? "" : ""),
            new("users", "the processes that have it", row => string.Join(' ', row.Users.Select(user => user.Id))),
            new("uses", "how each process has it: r and w are the ends of a pipe", Uses),
        ],
        "kind,id,name,owner,mode,size,fill,uses");

    public static string? ModeOf(UnixFileMode? mode) => mode is { } bits ? "0" + Convert.ToString((int)bits, 8) : null;

    private static string NameOf(ObjectNode node) => node.Name is null ? "" : node.IsDeleted ? node.Name + " (deleted)" : node.Name;

    private static string Fill(ObjectNode node) => node switch
    {
        { Fill: null } => "",
        { Capacity: { } capacity } => string.Create(CultureInfo.InvariantCulture, $"{node.Fill}/{capacity}"),
        _ => Number(node.Fill),
    };

    private static string TypeOf(ObjectNode node) => node switch
    {
        SegmentNode segment => segment.SegmentKind,
        SocketNode { IsKnown: true } socket => socket.Form.ToString().ToLowerInvariant(),
        _ => "",
    };

    private static string State(ObjectNode node) => node switch
    {
        SocketNode { IsKnown: true } socket => socket.State.ToString().ToLowerInvariant(),
        FileLockNode held => $"{held.Flavour} {held.LockMode} {FileLocks.ByteRange.Format(held.Range)}".ToLowerInvariant(),
        _ => "",
    };

    // 123:4r 123:5w 77m
    private static string Uses(ObjectRow row) => string.Join(' ', row.Uses.Select(use => string.Create(
        CultureInfo.InvariantCulture,
        $"{use.Process.Id}{(use.Edge.Descriptor is { } number ? ":" + number.ToString(CultureInfo.InvariantCulture) : "")}{Letter(use)}")));

    private static string Letter(ObjectUse use) => use.Edge.Kind switch
    {
        EdgeKind.Maps => "m",
        EdgeKind.TakesPart => "p",
        EdgeKind.ListensOn => "l",
        EdgeKind.WaitsFor => "?",
        EdgeKind.HoldsLock => "",
        _ => use.Access ?? "-",
    };

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
