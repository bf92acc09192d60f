using Isthmus.Inspection;

namespace Isthmus.Cli.Clean;

/// <summary>
/// Objects of Isthmus: locks, semaphores, channels and their like. Everybody who takes part holds a life lock in the segment's file, wherever he is; and while
/// that is looked at, nobody can begin.
/// </summary>
internal static class SegmentLeftovers
{
    private const string Memory = "/dev/shm", OwnDirectories = "isthmus-*";

    // Whose they are is for the file system to say.
    private const UnixFileMode Anybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public static IEnumerable<Leftover> Find(Snapshot snapshot) => Directories(snapshot).SelectMany(directory => FindIn(directory, snapshot));

    // Those of all users, and wherever somebody has one open. Elsewhere nobody can know of one.
    private static IEnumerable<string> Directories(Snapshot snapshot) =>
        (Directory.Exists(Memory) ? Directory.EnumerateDirectories(Memory, OwnDirectories) : [])
            // Who follows a link of somebody else's would look, and remove, where he was sent.
            .Where(directory => new DirectoryInfo(directory).LinkTarget is null)
            .Concat(from node in snapshot.Objects
                    where node is SegmentNode { Name: ['/', ..] }
                    select Path.GetDirectoryName(node.Name))
            .Distinct(StringComparer.Ordinal);

    private static IEnumerable<Leftover> FindIn(string directory, Snapshot snapshot)
    {
        SharedObjectOptions options = new() { Directory = directory, AnyOwner = true, Mode = Anybody };
        try
        {
            Dictionary<string, SharedChannelFill?> fills = SharedChannel.List(options).ToDictionary(each => each.Object.Name, each => each.Fill);
            return
            [
                .. from entry in SharedObject.List(options)
                   where entry.IsStale
                   select Judge(entry, options, snapshot, fills.GetValueOrDefault(entry.Name)),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // Another user's, or gone.
        }
    }

    private static Leftover Judge(SharedObjectEntry entry, SharedObjectOptions options, Snapshot snapshot, SharedChannelFill? fill)
    {
        string path = Path.Combine(options.Directory!, entry.Name);
        string content = fill is { Held: > 0 } ? $"; it holds {fill.Held} {JsonSignal.Word(fill.Unit)} that nobody has read" : "";
        ObjectNode? node = snapshot.Objects.FirstOrDefault(each => each is SegmentNode segment && segment.Path == path);
        return new Leftover(
            NodeKind.Segment, path, node?.UserId, entry.Status?.SizeBytes, true, $"a {entry.Kind} in which nobody takes part: no life lock is held{content}")
        {
            Remove = () => SharedObject.TryUnlinkStale(entry.Name, options),
        };
    }
}
