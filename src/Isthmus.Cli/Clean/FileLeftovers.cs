using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Clean;

/// <summary>
/// POSIX shared memory and semaphores: files in <c>/dev/shm</c>. The kernel gives a write lease on a file (<c>fcntl(2)</c>, F_SETLEASE) only when
/// nobody else in the whole system has it open or mapped, in whatever namespace; and while the lease is held nobody can open it.
/// </summary>
internal static class FileLeftovers
{
    private const string Directory = "/dev/shm";

    // Who only looks, as a snapshot does, has it open for less.
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(50);

    public static IEnumerable<Leftover> Find(Snapshot snapshot, NodeKind kind) =>
        from node in snapshot.Objects
        where node.Kind == kind && !node.IsDeleted && node.Name is not null && ObjectRow.Of(snapshot, node).IsStale
        let found = TryJudge(node, PathOf(node))
        where found is not null
        select found;

    // What stands deeper has its whole path as its name.
    private static string PathOf(ObjectNode node) => node.Name!.StartsWith(Directory + "/", StringComparison.Ordinal)
        ? node.Name
        : $"{Directory}/{(node.Kind == NodeKind.PosixSemaphore ? "sem." : "")}{node.Name.TrimStart('/')}";

    private static Leftover? TryJudge(ObjectNode node, string path)
    {
        Leftover found = new(node.Kind, node.Name!, node.UserId, node.Size, false, "");
        try
        {
            using SafeFileHandle? file = Lock(path);
            return file is null
                ? found with { Reason = "somebody who cannot be seen has it open or mapped" }
                : found with { IsProved = true, Reason = "nobody has it open or mapped (lease)", Remove = () => Remove(path) };
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // It is gone.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return found with { Reason = $"no lease: {error.Message}" };
        }
    }

    // Who opens the file meanwhile waits, until it is gone.
    private static bool Remove(string path)
    {
        using SafeFileHandle? file = Lock(path);
        if (file is null)
        {
            return false;
        }
        File.Delete(path);
        return true;
    }

    // Null when somebody else has it. The lease ends with the handle.
    private static SafeFileHandle? Lock(string path)
    {
        if (File.ResolveLinkTarget(path, returnFinalTarget: false) is not null)
        {
            throw new IOException("it is a symbolic link");
        }
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            if (SpinWait.SpinUntil(() => FileLease.TryAcquire(file, FileLeaseKind.Write, out _), s_glance))
            {
                return file;
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }
        file.Dispose();
        return null;
    }
}
