using System.Globalization;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Clean;

/// <summary>Objects of which nobody can prove that they are left over: they have no holders that the kernel counts. They are told and never removed.</summary>
internal static class UnprovableLeftovers
{
    private const string Uncounted = "the kernel does not count who uses it; remove it by hand if nobody needs it";
    private const string Unseen = "a process in a namespace that cannot be seen may have it open";

    public static IEnumerable<Leftover> Find(Snapshot snapshot, NodeKind kind) =>
        from node in snapshot.Objects
        where node.Kind == kind && ObjectRow.Of(snapshot, node).IsStale
        select new Leftover(kind, NameOf(node), node.UserId, node.Size, false, kind == NodeKind.PosixMessageQueue ? Unseen : Used(node) + Uncounted);

    private static string NameOf(ObjectNode node) => node.Kind == NodeKind.PosixMessageQueue ? node.Name ?? node.Id.Text : node.Id.Text;

    private static string Used(ObjectNode node) => node is SystemVNode { LastProcessId: > 0 and int last }
        ? string.Create(CultureInfo.InvariantCulture, $"last used by process {last}; ")
        : "";
}
