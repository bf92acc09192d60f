using System.Globalization;
using Isthmus.Inspection;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Tests.Snapshots;

public sealed class NamespaceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Sockets_of_another_network_namespace_are_told_by_its_own_tables()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can make a namespace.");
        using Actor actor = Actor.Shell($"""
            exec unshare --net python3 -c '
            import socket, sys
            u = socket.socket(socket.AF_UNIX); u.bind("{_directory["s"]}"); u.listen()
            t = socket.socket(); t.bind(("0.0.0.0", 4711)); t.listen()
            print(u.fileno(), t.fileno(), flush=True); sys.stdin.read()'
            """);
        int[] descriptors = actor.ReadNumbers();
        Snapshot snapshot = Snapshot.Take();
        SocketNode[] sockets =
        [
            .. from edge in snapshot.EdgesFrom(snapshot.FindProcess(actor.Id)!.Node)
               where edge.Kind == EdgeKind.ListensOn && descriptors.Contains(edge.Descriptor!.Value)
               select (SocketNode)snapshot.FindObject(edge.To)!,
        ];
        Assert.Equal([(NodeKind.UnixSocket, _directory["s"]), (NodeKind.TcpSocket, "0.0.0.0:4711")], sockets.Select(each => (each.Kind, each.Name)));
        Assert.All(sockets, each => Assert.True(each.IsKnown));
    }

    [Fact]
    public void Connections_with_the_same_addresses_in_two_network_namespaces_are_two()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can make a namespace.");
        using Actor one = Connection();
        using Actor two = Connection();
        Dictionary<int, int[]> descriptors = new() { [one.Id] = one.ReadNumbers(), [two.Id] = two.ReadNumbers() };
        Snapshot snapshot = Snapshot.Take();
        foreach ((int process, int[] ends) in descriptors)
        {
            NodeId[] sockets = [.. ends.Select(end => snapshot.EdgesFrom(snapshot.FindProcess(process)!.Node).Single(edge => edge.Descriptor == end).To)];
            Assert.All(sockets, each => Assert.Equal("127.0.0.1:4711", ((SocketNode)snapshot.FindObject(each)!).Name![..^1] + "1"));
            Assert.Equal(sockets[1], ((SocketNode)snapshot.FindObject(sockets[0])!).Peer);
            Assert.Equal(sockets[0], ((SocketNode)snapshot.FindObject(sockets[1])!).Peer);
        }

        static Actor Connection() => Actor.Shell("""
            exec unshare --net python3 -c '
            import fcntl, socket, struct, sys
            l = socket.socket(); fcntl.ioctl(l, 0x8914, struct.pack("16sh14x", b"lo", 0x41))
            l.bind(("127.0.0.1", 4711)); l.listen()
            c = socket.socket(); c.bind(("127.0.0.1", 4712)); c.connect(("127.0.0.1", 4711)); a, _ = l.accept()
            print(a.fileno(), c.fileno(), flush=True); sys.stdin.read()'
            """);
    }

    [Fact]
    public void A_segment_of_another_ipc_namespace_is_another_object()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can make a namespace.");
        using Actor actor = Actor.Shell("""
            exec unshare --ipc python3 -c '
            import ctypes, sys
            libc = ctypes.CDLL(None); libc.shmat.restype = ctypes.c_void_p
            s = libc.shmget(0, 4096, 0o1600); libc.shmat(s, None, 0)
            print(s, flush=True); sys.stdin.read()'
            """);
        ulong id = (ulong)actor.ReadNumber();
        Snapshot snapshot = Snapshot.Take();
        NodeId segment = snapshot.EdgesFrom(snapshot.FindProcess(actor.Id)!.Node)
            .Single(edge => edge.Kind == EdgeKind.Maps && edge.To.Kind == NodeKind.SystemVSharedMemory).To;
        Assert.Equal(id, segment.Number);
        Assert.NotEqual(0ul, segment.Space);
    }

    [Fact]
    public async Task A_queue_of_another_ipc_namespace_is_another_object()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can make a namespace.");
        using Actor actor = Actor.Shell("""
            exec unshare --ipc python3 -c '
            import ctypes
            libc = ctypes.CDLL(None); q = libc.msgget(0, 0o1600); print(q, flush=True); libc.msgrcv(q, ctypes.create_string_buffer(100), 8, 0, 0)'
            """);
        ulong id = (ulong)actor.ReadNumber();
        Snapshot? snapshot = null;
        await Eventually.IsTrue(() =>
        {
            snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });
            return snapshot.FindProcess(actor.Id)!.Threads[0].Wait.Kind == WaitKind.Receive;
        });
        ObjectNode queue = snapshot!.FindObject(Assert.Single(snapshot.FindProcess(actor.Id)!.Threads[0].Wait.Targets).Node)!;
        Assert.Equal((NodeKind.SystemVMessageQueue, id), (queue.Kind, queue.Id.Number));
        Assert.NotEqual(0ul, queue.Id.Space);
    }

    [Fact]
    public void A_process_of_a_pid_namespace_is_known_by_our_number()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can make a namespace.");
        using Actor actor = Actor.Shell("unshare --pid --fork sh -c 'echo $$; read x'; :");
        Assert.Equal(1, actor.ReadNumber());
        Snapshot snapshot = Snapshot.Take();
        ProcessNode inner = Assert.Single(snapshot.Processes, each => each.IsInPidNamespace && IsBelow(snapshot, each, actor.Id));
        Assert.NotEqual(1, inner.Id);
    }

    [Fact]
    public void Another_user_sees_what_he_may_and_is_told_what_he_may_not()
    {
        using Actor actor = Actor.Python("""
            file = open(sys.argv[1], "w"); fcntl.flock(file, fcntl.LOCK_EX)
            say(fork(lambda: fcntl.flock(open(sys.argv[1], "w"), fcntl.LOCK_EX))); hold()
            """, _directory["x"]);
        int waiter = actor.ReadNumber();
        string[] ids = [actor.Id.ToString(CultureInfo.InvariantCulture), waiter.ToString(CultureInfo.InvariantCulture)];
        string[] told = Elsewhere.AsNobody(Look, ids).TrimEnd('\n').Split('\n');
        Assert.Equal(
            [
                "holder: All",
                "own: None",
                "command: python3",
                "wait: FileLock",
                "end: NobodySeen",
                "holder waits: NotPermitted",
                "hidden: True",
            ],
            told);
    }

    private static void Look(string[] args)
    {
        int[] ids = [.. args.Select(each => int.Parse(each, CultureInfo.InvariantCulture))];
        Snapshot snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });
        // The kernel's table of locks names who waits, though not where.
        for (int round = 0; round < 1000 && Reason.Of(snapshot, ids[1])!.Chains[0].Steps[0].Thread!.Wait.Kind != WaitKind.FileLock; round++)
        {
            snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });
        }
        ProcessNode holder = snapshot.FindProcess(ids[0])!;
        Console.WriteLine($"holder: {holder.NotPermitted}");
        Console.WriteLine($"own: {snapshot.FindProcess(Environment.ProcessId)!.NotPermitted}");
        Console.WriteLine($"command: {holder.CommandLine[0].Split('/')[^1]}");
        WaitChain chain = Reason.Of(snapshot, ids[1])!.Chains[0];
        Console.WriteLine($"wait: {chain.Steps[0].Thread!.Wait.Kind}");
        Console.WriteLine($"end: {chain.End}");
        Console.WriteLine($"holder waits: {Reason.Of(snapshot, ids[0])!.Chains[0].End}");
        Console.WriteLine($"hidden: {Reason.Of(snapshot, ids[0])!.HiddenProcesses > 0}");
    }

    private static bool IsBelow(Snapshot snapshot, ProcessNode process, int ancestor)
    {
        for (ProcessNode? each = process; each is not null; each = snapshot.FindProcess(each.ParentId))
        {
            if (each.Id == ancestor)
            {
                return true;
            }
        }
        return false;
    }
}
