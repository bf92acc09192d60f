using Isthmus.Inspection;

namespace Isthmus.Cli.Clean;

/// <summary>Which kinds of objects can be left over, and how that is proved for each.</summary>
internal static class LeftoverCatalog
{
    private static readonly (NodeKind Kind, Func<Snapshot, IEnumerable<Leftover>> Find)[] s_kinds =
    [
        (NodeKind.UnixSocket, SocketLeftovers.Find),
        (NodeKind.PosixSharedMemory, snapshot => FileLeftovers.Find(snapshot, NodeKind.PosixSharedMemory)),
        (NodeKind.PosixSemaphore, snapshot => FileLeftovers.Find(snapshot, NodeKind.PosixSemaphore)),
        (NodeKind.Segment, SegmentLeftovers.Find),
        (NodeKind.SystemVSharedMemory, SystemVLeftovers.FindMemory),
        (NodeKind.SystemVMessageQueue, snapshot => UnprovableLeftovers.Find(snapshot, NodeKind.SystemVMessageQueue)),
        (NodeKind.SystemVSemaphoreSet, snapshot => UnprovableLeftovers.Find(snapshot, NodeKind.SystemVSemaphoreSet)),
        (NodeKind.PosixMessageQueue, snapshot => UnprovableLeftovers.Find(snapshot, NodeKind.PosixMessageQueue)),
    ];

    /// <summary>The words for the kinds.</summary>
    public static IEnumerable<string> Words => s_kinds.Select(each => each.Kind.ToWord());

    /// <summary>All of some kinds; of all kinds when none is given.</summary>
    /// <exception cref="CliException">There is no such kind, or nothing of it is ever left over.</exception>
    public static IEnumerable<Leftover> Find(Snapshot snapshot, IReadOnlyCollection<string> words)
    {
        string? unknown = words.FirstOrDefault(word => !Words.Contains(word));
        return unknown is null
            ? s_kinds.Where(each => words.Count == 0 || words.Contains(each.Kind.ToWord())).SelectMany(each => each.Find(snapshot))
            : throw new CliException($"'{unknown}' is no kind of object that can be left over. There are: {string.Join(", ", Words)}.");
    }
}
