using Isthmus.Inspection;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Tests.Processes;

/// <summary>The kernel's queries tell the same as its text: so, too, are their numbers and struct held against the running kernel.</summary>
public sealed class MappingReaderTests : IDisposable
{
    private const string Zoo = """
        def shared(descriptor, flags=mmap.MAP_SHARED, access=mmap.PROT_READ | mmap.PROT_WRITE):
            os.ftruncate(descriptor, 8192); kept.append(mmap.mmap(descriptor, 8192, flags, access))
        kept = []
        for name in ("plain", "new\nline", "back\\slash", "gone"): shared(os.open(sys.argv[1] + "/" + name, os.O_RDWR | os.O_CREAT))
        os.unlink(sys.argv[1] + "/gone")
        shared(os.memfd_create("a b")); shared(os.memfd_create("private"), mmap.MAP_PRIVATE); kept.append(mmap.mmap(-1, 4096))
        for flags in (mmap.MAP_SHARED, mmap.MAP_PRIVATE):
            path = "/dev/shm/isthmus-test-%d-%d" % (os.getpid(), flags)
            shared(os.open(path, os.O_RDWR | os.O_CREAT), flags, mmap.PROT_READ); os.unlink(path)
        segment = libc.shmget(0, 4096, 0o1600)
        libc.shmat.restype = ctypes.c_void_p; libc.shmat(segment, None, 0); libc.shmctl(segment, 0, None)
        kept.append(mmap.mmap(os.open("/dev/zero", os.O_RDWR), 4096, mmap.MAP_SHARED))
        say(1); hold()
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Queries_tell_what_the_text_tells()
    {
        using Actor actor = Actor.Python(Zoo, _directory.Root);
        actor.ReadLine();
        (Errno queried, bool hasRuntime, List<MappingFinding> found) = Query(actor.Id);
        Assert.SkipWhen(queried == Errno.ENOTTY, "This kernel has no PROCMAP_QUERY: it needs Linux 6.11.");
        (_, bool hasRuntimeByText, List<MappingFinding> text) = ReadText(actor.Id);

        Assert.Equal(Errno.None, queried);
        Assert.Equal(text, found);
        Assert.Superset(
            new HashSet<NodeKind>
            {
                NodeKind.File, NodeKind.MemFd, NodeKind.PosixSharedMemory, NodeKind.SystemVSharedMemory, NodeKind.AnonymousSharedMemory,
            },
            found.Select(each => each.Target.Kind).ToHashSet());
        // One is shared, and one private.
        Assert.Equal(2, found.Count(each => each.Target.Kind == NodeKind.PosixSharedMemory));
        Assert.Single(found, each => each.Target.Kind == NodeKind.MemFd);
        Assert.False(hasRuntime || hasRuntimeByText);
    }

    [Fact]
    public void The_runtime_is_recognised()
    {
        (Errno queried, bool hasRuntime, _) = Query(Environment.ProcessId);
        Assert.SkipWhen(queried == Errno.ENOTTY, "This kernel has no PROCMAP_QUERY: it needs Linux 6.11.");
        Assert.True(hasRuntime);
        Assert.True(ReadText(Environment.ProcessId).HasRuntime);
    }

    private static (Errno Error, bool HasRuntime, List<MappingFinding> Found) Query(int processId)
    {
        using DirectoryReader process = DirectoryReader.TryOpen($"/proc/{processId}", out _)!;
        List<MappingFinding> found = [];
        bool hasRuntime = false;
        return (new MappingReader().Query(process, found, ref hasRuntime), hasRuntime, found);
    }

    private static (Errno Error, bool HasRuntime, List<MappingFinding> Found) ReadText(int processId)
    {
        using DirectoryReader process = DirectoryReader.TryOpen($"/proc/{processId}", out _)!;
        List<MappingFinding> found = [];
        return (new MappingReader().ReadText(process, found, out bool hasRuntime), hasRuntime, found);
    }
}
