using Isthmus.Inspection;

namespace Isthmus.Cli.Clean;

/// <summary>
/// Files of Unix sockets that nobody has any more: the kernel refuses a connection to them (<c>ECONNREFUSED</c>). They are looked for where programs
/// put them.
/// </summary>
internal static class SocketLeftovers
{
    private static readonly EnumerationOptions s_below = new() { RecurseSubdirectories = true, MaxRecursionDepth = 3, IgnoreInaccessible = true };

    public static IEnumerable<Leftover> Find(Snapshot snapshot)
    {
        HashSet<string?> alive = [.. snapshot.Objects.OfType<SocketNode>().Select(node => node.Name)];
        return
            from path in Directories().SelectMany(directory => Directory.EnumerateFiles(directory, "*", s_below)).Distinct()
            where !alive.Contains(path) && IsSocket(path)
            let found = TryJudge(path)
            where found is not null
            select found;
    }

    private static IEnumerable<string> Directories() =>
        from directory in (string?[])["/run", "/tmp", Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR")]
        where Directory.Exists(directory)
        select directory;

    private static bool IsSocket(string path)
    {
        try
        {
            // What is neither a regular file nor a link or a directory.
            return (File.GetAttributes(path) & (FileAttributes.ReparsePoint | FileAttributes.Directory)) == 0
                && File.GetUnixFileMode(path) >= 0 && TryAddress(path)?.Stat() is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Leftover? TryJudge(string path)
    {
        try
        {
            UnixAddress address = UnixAddress.FromPath(path);
            return address.IsBound()
                ? null
                : new Leftover(NodeKind.UnixSocket, path, address.Stat().UserId, null, true, "the kernel refuses connections: nobody has the socket")
                {
                    Remove = address.TryUnlinkDead,
                };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // It is gone.
        }
    }

    private static UnixAddress? TryAddress(string path)
    {
        try
        {
            return UnixAddress.FromPath(path);
        }
        catch (ArgumentException)
        {
            return null; // Too long to be one.
        }
    }
}
