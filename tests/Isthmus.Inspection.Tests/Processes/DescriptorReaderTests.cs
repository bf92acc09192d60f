using Isthmus.Inspection;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Tests.Processes;

/// <summary>What is left out because something cheaper tells the same tells the same.</summary>
public sealed class DescriptorReaderTests : IDisposable
{
    private const string Zoo = """
        path = sys.argv[1]
        for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY, os.O_WRONLY, os.O_PATH, os.O_RDWR): os.open(path, flags)
        os.open(os.path.dirname(path), os.O_RDONLY)
        os.mkfifo(path + ".fifo"); os.open(path + ".fifo", os.O_RDWR)
        gone = os.open(path + ".gone", os.O_RDWR | os.O_CREAT); os.unlink(path + ".gone")
        os.open("/dev/null", os.O_RDWR); os.open("/dev/zero", os.O_RDONLY); os.openpty(); os.openpty()
        os.memfd_create("here"); os.pipe(); kept = socket.socketpair(); polled = select.epoll()
        counter = libc.eventfd(3, 0); os.pidfd_open(os.getpid()); os.open("/proc/self/stat", os.O_RDONLY); os.open("/proc/self/ns/net", os.O_RDONLY)
        locked = os.open(path, os.O_RDWR); fcntl.flock(locked, fcntl.LOCK_EX)
        os.dup2(0, 100); os.dup2(1, 101); os.dup2(gone, 200); os.dup2(gone, 900)
        say(1); hold()
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Descriptors_known_by_their_numbers_are_those_that_fdinfo_describes()
    {
        using Actor actor = Actor.Python(Zoo, _directory["x"]);
        actor.ReadLine();
        using DirectoryReader proc = DirectoryReader.TryOpen("/proc", out _)!;
        MountTable mounts = Mounts(proc);
        ulong locked = FileStatus.At(_directory["x"]).stx_ino;
        LockTable locks = LockTable.Empty;
        // One reading may miss a line, when another lock goes meanwhile.
        await Eventually.IsTrue(() => (locks = LockTable.Read(proc)).Lines.Any(line => line.Inode == locked));

        // Where the table leaves locks out, as in a container, every file is asked.
        ProcessFindings asked = Read(proc, mounts, null, actor.Id);
        ProcessFindings known = Read(proc, mounts, [.. locks.Lines.Select(line => line.Inode)], actor.Id);
        Assert.Equal(asked.Descriptors, known.Descriptors);
        Assert.Equal(asked.Locks, known.Locks);
        Assert.Single(known.Locks);
        // Twice, so that nothing is there for the first time.
        Assert.Equal(asked.Descriptors, Read(proc, mounts, [], actor.Id).Descriptors);
    }

    [Fact]
    public void Descriptors_behind_gaps_are_found()
    {
        using Actor actor = Actor.Python(Zoo, _directory["x"]);
        actor.ReadLine();
        using DirectoryReader proc = DirectoryReader.TryOpen("/proc", out _)!;
        ProcessFindings found = Read(proc, Mounts(proc), [], actor.Id);
        int[] listed = [.. Directory.EnumerateFileSystemEntries($"/proc/{actor.Id}/fd").Select(path => int.Parse(Path.GetFileName(path), null)).Order()];
        Assert.Equal(listed, found.Descriptors.Select(each => each.Descriptor));
        Assert.All(listed, each => Assert.Equal(found.Descriptors.Find(held => held.Descriptor == each).Target, found.TargetOf(each)));
        Assert.Null(found.TargetOf(99));
        Assert.Null(found.TargetOf(901));
    }

    private static MountTable Mounts(DirectoryReader proc)
    {
        byte[] text = new byte[4096];
        int length = proc.ReadAll("self/mountinfo\0"u8, ref text);
        return MountTable.Parse(text.AsSpan(0, length));
    }

    private static ProcessFindings Read(DirectoryReader proc, MountTable mounts, HashSet<ulong>? locked, int processId) =>
        new ProcessReader(proc, mounts, locked, SnapshotParts.Descriptors).Read(new ProcessSign(processId, 0, 0))!;
}
