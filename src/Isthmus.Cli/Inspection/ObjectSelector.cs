using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>Finds the objects that a word on the command line names.</summary>
internal static class ObjectSelector
{
    public const string Help =
        "A process by its number; an object as PID:FD, by its name (/path, /name, 0xKEY, unix:PATH, unix:@NAME, tcp:HOST:PORT), "
        + "or as KIND:ID or KIND:NAME of 'isthmus ls'; an object of Isthmus also as TYPE:NAME (queue:jobs), or by its path.";

    public static IReadOnlyList<ObjectNode> Find(Snapshot snapshot, string word)
    {
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        string first = colon < 0 ? "" : word[..colon];
        string rest = colon < 0 ? "" : word[(colon + 1)..];
        if (int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            && int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor))
        {
            return Behind(snapshot, process, descriptor);
        }
        if (NodeKinds.TryParse(first, out NodeKind kind))
        {
            return [.. snapshot.Objects.Where(node => node.Kind == kind && IsCalled(node, rest))];
        }
        // The lock of a file comes with the file.
        return
        [
            .. snapshot.Objects.Where(node =>
                IsNamed(node, word) || (node is SegmentNode segment && segment.SegmentKind == first && IsCalled(node, rest))),
        ];
    }

    private static bool IsCalled(ObjectNode node, string word) => node.Id.Text == word || IsNamed(node, word);

    // One in a user's own directory has a short name, and stands in a file for all that.
    private static bool IsNamed(ObjectNode node, string name) => node.Name == name || (node is SegmentNode { Path: { } path } && path == name);

    private static ObjectNode[] Behind(Snapshot snapshot, int process, int descriptor) => snapshot.FindProcess(process) is not { } found
        ? []
        :
        [
            .. from edge in snapshot.EdgesFrom(found.Node)
               where edge.Descriptor == descriptor && edge.Kind is (EdgeKind.HoldsOpen or EdgeKind.ListensOn)
               select snapshot.FindObject(edge.To),
        ];
}
