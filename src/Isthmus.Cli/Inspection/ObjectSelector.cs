using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>Finds the objects that a word on the command line names.</summary>
internal static class ObjectSelector
{
    public const string Help =
        "A process by its number; an object as PID:FD, by its name (/path, /name, 0xKEY, unix:PATH, unix:@NAME, tcp:HOST:PORT), "
        + "or as KIND:ID of 'isthmus ls'.";

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
            return [.. snapshot.Objects.Where(node => node.Kind == kind && (node.Id.Text == rest || node.Name == rest))];
        }
        // The lock of a file comes with the file.
        return [.. snapshot.Objects.Where(node => node.Name == word)];
    }

    private static ObjectNode[] Behind(Snapshot snapshot, int process, int descriptor) => snapshot.FindProcess(process) is not { } found
        ? []
        :
        [
            .. from edge in snapshot.EdgesFrom(found.Node)
               where edge.Descriptor == descriptor && edge.Kind is (EdgeKind.HoldsOpen or EdgeKind.ListensOn)
               select snapshot.FindObject(edge.To),
        ];
}
