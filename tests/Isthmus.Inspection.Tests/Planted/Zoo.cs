using System.Text.Json;
using Isthmus.Inspection;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Planted;

/// <summary>A Python process that holds one of everything, and tells what it has planted; looked at once for all tests.</summary>
public sealed class Zoo : IDisposable
{
    private const string Script = """
        import json
        directory = sys.argv[1]
        planted = []
        def plant(kind, fd, name=None, **more): planted.append(dict(kind=kind, fd=fd, name=name, **more))
        r, w = os.pipe(); plant("pipe", r, access=1); plant("pipe", w, access=2)
        os.mkfifo(directory + "/fifo"); f = os.open(directory + "/fifo", os.O_RDWR); plant("fifo", f, directory + "/fifo", access=3)
        ul = socket.socket(socket.AF_UNIX); ul.bind(directory + "/stream"); ul.listen(7)
        plant("unix", ul.fileno(), directory + "/stream", state=10)
        uc = socket.socket(socket.AF_UNIX); uc.connect(directory + "/stream"); ua, _ = ul.accept()
        plant("unix", uc.fileno(), None, state=1, peer=ua.fileno())
        ub = socket.socket(socket.AF_UNIX); ub.connect(directory + "/stream"); plant("unix", ub.fileno(), None, state=1)
        ab = socket.socket(socket.AF_UNIX); ab.bind("\0isthmus-zoo-%d" % os.getpid()); ab.listen()
        plant("unix", ab.fileno(), "@isthmus-zoo-%d" % os.getpid(), state=10)
        d1, d2 = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM); plant("unix", d1.fileno(), None, form=2, peer=d2.fileno())
        q1, q2 = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET); plant("unix", q1.fileno(), None, form=5, peer=q2.fileno())
        tl = socket.socket(); tl.bind(("127.0.0.1", 0)); tl.listen(5); plant("tcp", tl.fileno(), "127.0.0.1:%d" % tl.getsockname()[1], state=10)
        tc = socket.create_connection(tl.getsockname()); ta, _ = tl.accept()
        plant("tcp", tc.fileno(), "127.0.0.1:%d" % tc.getsockname()[1], state=1, peer=ta.fileno())
        l6 = socket.socket(socket.AF_INET6); l6.bind(("::", 0)); l6.listen(5); plant("tcp", l6.fileno(), "[::]:%d" % l6.getsockname()[1], state=10)
        c4 = socket.create_connection(("127.0.0.1", l6.getsockname()[1])); a6, _ = l6.accept()
        plant("tcp", a6.fileno(), "127.0.0.1:%d" % l6.getsockname()[1], state=1, peer=c4.fileno())
        ud = socket.socket(type=socket.SOCK_DGRAM); ud.bind(("127.0.0.1", 0))
        plant("udp", ud.fileno(), "127.0.0.1:%d" % ud.getsockname()[1], state=7)
        nl = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); plant("socket", nl.fileno())
        name = "/isthmus-test-zoo-%d" % os.getpid()
        rt = ctypes.CDLL("librt.so.1")
        mq = rt.mq_open(name.encode(), os.O_RDWR | os.O_CREAT, 0o600, None); rt.mq_send(mq, b"one", 3, 0); plant("posix-mq", mq, name, fill=1)
        sh = os.open("/dev/shm" + name, os.O_RDWR | os.O_CREAT, 0o600); os.ftruncate(sh, 8192); shm = mmap.mmap(sh, 8192)
        plant("posix-shm", sh, name, size=8192, maps=True)
        mf = os.memfd_create("zoo"); os.ftruncate(mf, 4096); mem = mmap.mmap(mf, 4096); plant("memfd", mf, "zoo", size=4096, maps=True)
        fd = os.open(directory + "/file", os.O_RDWR | os.O_CREAT, 0o640); os.ftruncate(fd, 4096); fil = mmap.mmap(fd, 4096)
        plant("file", fd, directory + "/file", size=4096, maps=True)
        gone = os.open(directory + "/gone", os.O_RDWR | os.O_CREAT); os.unlink(directory + "/gone")
        plant("file", gone, directory + "/gone", deleted=True)
        odd = os.open(directory + "/a b\n\\c (deleted)", os.O_WRONLY | os.O_CREAT); plant("file", odd, directory + "/a b\n\\c (deleted)", access=2)
        di = os.open(directory, os.O_RDONLY); plant("directory", di, directory)
        dn = os.open("/dev/null", os.O_RDONLY); plant("device", dn, "/dev/null")
        ma, sl = os.openpty(); plant("pty", sl, os.ttyname(sl), peer=ma)
        ef = libc.eventfd(5, 0); plant("eventfd", ef, fill=5)
        mask = (ctypes.c_ulong * 16)(); mask[0] = (1 << 9) | (1 << 11); sf = libc.signalfd(-1, mask, 0); plant("signalfd", sf, "SIGUSR1 SIGUSR2")
        tf = libc.timerfd_create(1, 0); plant("timerfd", tf, "monotonic")
        ep = select.epoll(); ep.register(r, select.EPOLLIN); ep.register(ef, select.EPOLLIN); plant("epoll", ep.fileno(), watches=[r, ef])
        no = libc.inotify_init(); libc.inotify_add_watch(no, (directory + "/file").encode(), 2); plant("inotify", no, watches=[fd])
        pf = os.pidfd_open(os.getppid()); plant("pidfd", pf, str(os.getppid()))
        anon = mmap.mmap(-1, 12288)
        libc.shmat.restype = ctypes.c_void_p
        seg = libc.shmget(0, 4096, 0o1600); libc.shmat(seg, None, 0); libc.shmat(seg, None, 0)
        que = libc.msgget(0, 0o1600); libc.msgsnd(que, ctypes.create_string_buffer(b"\1\0\0\0\0\0\0\0abc", 11), 3, 0)
        sem = libc.semget(0, 3, 0o1600)
        fcntl.flock(fd, fcntl.LOCK_SH)
        fcntl.lockf(odd, fcntl.LOCK_EX, 10, 5)
        ofd = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 100, 50, 0); fcntl.fcntl(gone, 37, ofd)
        lease = os.open(directory + "/lease", os.O_RDONLY | os.O_CREAT, 0o600); fcntl.fcntl(lease, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        say(json.dumps(planted)); say(seg, que, sem)
        ask()
        rt.mq_unlink(name.encode()); os.unlink("/dev/shm" + name); libc.shmctl(seg, 0, None); libc.msgctl(que, 0, None); libc.semctl(sem, 0, 0)
        say("gone")
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly Actor _actor;

    public Zoo()
    {
        _actor = Actor.Python(Script, _directory.Root);
        string line = _actor.ReadLine();
        Assert.True(line.StartsWith('['), line);
        Animals = [.. JsonDocument.Parse(line).RootElement.EnumerateArray()];
        int[] ids = _actor.ReadNumbers();
        (SegmentId, QueueId, SetId) = (ids[0], ids[1], ids[2]);
        Snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });
    }

    internal Snapshot Snapshot { get; }

    internal IReadOnlyList<JsonElement> Animals { get; }

    internal int SegmentId { get; }

    internal int QueueId { get; }

    internal int SetId { get; }

    internal int ProcessId => _actor.Id;

    internal string Directory => _directory.Root;

    internal ProcessNode Process => Snapshot.FindProcess(ProcessId)!;

    internal Edge EdgeOf(int descriptor) => Snapshot.EdgesFrom(Process.Node)
        .Single(edge => edge.Descriptor == descriptor && edge.Kind is (EdgeKind.HoldsOpen or EdgeKind.ListensOn));

    internal ObjectNode ObjectAt(int descriptor) => Snapshot.FindObject(EdgeOf(descriptor).To)!;

    public void Dispose()
    {
        _actor.WriteLine("go");
        Assert.Equal("gone", _actor.ReadLine());
        _actor.Dispose();
        _directory.Dispose();
    }
}
