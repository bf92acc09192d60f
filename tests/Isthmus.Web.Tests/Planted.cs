using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Web.Tests;

/// <summary>A situation that Python has made, to be seen on the page; it goes with its process group.</summary>
internal sealed class Planted : IDisposable
{
    private const string Prelude = """
        import fcntl, os, signal, socket, subprocess, sys, tempfile, threading, time
        os.setpgid(0, 0)
        def say(*words): print(*words, flush=True)
        # Until who has planted it is gone, in whatever way.
        def hold():
            sys.stdin.read()
            os.killpg(0, signal.SIGKILL)

        """;

    private const string Locks = """

        done = os.pipe(); go = os.pipe()
        files = [tempfile.TemporaryFile() for _ in range(2)]
        def lock(index):
            file = open("/proc/self/fd/%d" % files[index].fileno(), "w"); fcntl.flock(file, fcntl.LOCK_EX)
            return file
        def body(index):
            own = lock(index)
            os.write(done[1], b"x"); os.read(go[0], 1)
            other = lock(1 - index)
        children = []
        for index in range(2):
            child = os.fork()
            if child == 0: body(index)
            children.append(child)
        for _ in children: os.read(done[0], 1)
        os.write(go[1], b"xx")

        """;

    private readonly Process _process;

    private Planted(Process process, long[] numbers)
    {
        _process = process;
        Numbers = numbers;
    }

    /// <summary>What it has said: mostly process numbers.</summary>
    public IReadOnlyList<long> Numbers { get; }

    /// <summary><c>sleep</c> could write to <c>cat</c> through a pipe that nobody else has: their numbers, and the pipe's inode.</summary>
    public static Planted Pair() => Start("""
        read, write = os.pipe()
        writer = subprocess.Popen(["sleep", "infinity"], stdin=subprocess.DEVNULL, stdout=write)
        reader = subprocess.Popen(["cat"], stdin=read, stdout=subprocess.DEVNULL)
        inode = os.fstat(read).st_ino
        os.close(read); os.close(write)
        say(writer.pid, reader.pid, inode)
        # The reader may be killed: then it is gone, and no zombie.
        threading.Thread(target=reader.wait, daemon=True).start()
        hold()
        """);

    /// <summary>Two processes, each of which waits for the file lock that the other one holds.</summary>
    public static Planted Deadlock() => Start(Locks + """

        say(*children)
        hold()
        """);

    /// <summary>One that sends without an end, to one that takes it, over TCP: their numbers, and the inode of one end.</summary>
    public static Planted Flow() => Start("""
        listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen()
        child = os.fork()
        if child == 0:
            peer = socket.create_connection(listener.getsockname()); listener.close()
            while True:
                peer.sendall(b"x" * 100000); time.sleep(0.01)
        taker, _ = listener.accept(); listener.close()
        say(child, os.getpid())
        threading.Thread(target=hold, daemon=True).start()
        while taker.recv(1 << 20): pass
        """);

    /// <summary>Something to see: a pipeline, a pool at sockets, idle ones, and two at locks that stand in each other's way. Its own number.</summary>
    public static Planted Scene() => Start("""
        commands = [["tail", "-f", "/dev/null"], ["sort"], ["uniq", "-c"], ["tee", "/dev/null"], ["wc"]]
        source = subprocess.DEVNULL
        for command in commands:
            child = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE if command != commands[-1] else subprocess.DEVNULL)
            if source != subprocess.DEVNULL: source.close()
            source = child.stdout
        pool = []
        for _ in range(6):
            mine, theirs = socket.socketpair()
            subprocess.Popen(["sleep", "infinity"], stdin=theirs, stdout=subprocess.DEVNULL)
            theirs.close(); pool.append(mine)
        for _ in range(40): subprocess.Popen(["sleep", "infinity"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        """ + Locks + """

        say(os.getpid(), *children)
        hold()
        """);

    /// <summary>A pipeline, and a client with its server: its own number, and the inode of the first pipe.</summary>
    public static Planted Pipeline() => Start("""
        source = subprocess.Popen(["tail", "-f", "/dev/null"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        inode = os.fstat(source.stdout.fileno()).st_ino
        middle = subprocess.Popen(["sort"], stdin=source.stdout, stdout=subprocess.PIPE); source.stdout.close()
        last = subprocess.Popen(["tee", "/dev/null"], stdin=middle.stdout, stdout=subprocess.DEVNULL); middle.stdout.close()
        listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen()
        def speak():
            peer = socket.create_connection(listener.getsockname()); listener.close()
            while True:
                peer.sendall(b"x" * 30000); time.sleep(0.02)
        for _ in range(3):
            if os.fork() == 0: speak()
        takers = [listener.accept()[0] for _ in range(3)]; listener.close()
        def take(taker):
            while taker.recv(1 << 20): pass
        for taker in takers: threading.Thread(target=take, args=[taker], daemon=True).start()
        say(os.getpid(), inode)
        hold()
        """);

    /// <summary>Many that sleep and talk to nobody.</summary>
    public static Planted Sleepers(int count) => Start(
        """
        nowhere = [(os.POSIX_SPAWN_OPEN, number, "/dev/null", os.O_RDWR, 0) for number in range(3)]
        sleep = lambda: os.posix_spawnp("sleep", ["sleep", "infinity"], os.environ, file_actions=nowhere)
        sleepers = [sleep() for _ in range(int(sys.argv[1]))]
        say(sleepers[0], sleepers[-1])
        hold()
        """,
        count.ToString(CultureInfo.InvariantCulture));

    /// <summary>A process of the user nobody.</summary>
    public static Planted Stranger() => Start("""
        def change(): os.setgid(65534); os.setuid(65534)
        say(subprocess.Popen(["sleep", "infinity"], preexec_fn=change).pid)
        hold()
        """);

    public static void Kill(long processId)
    {
        using Process process = Process.GetProcessById((int)processId);
        process.Kill();
    }

    public void Dispose()
    {
        using (Process kill = Process.Start("kill", ["-KILL", "--", $"-{_process.Id}"]))
        {
            Assert.True(kill.WaitForExit(Server.Limit));
        }
        Assert.True(_process.WaitForExit(Server.Limit));
        _process.Dispose();
    }

    private static Planted Start(string script, params string[] args)
    {
        ProcessStartInfo start = Server.AsPlain("python3", ["-c", Prelude + script, .. args]);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        Process process = Process.Start(start)!;
        string? line = process.StandardOutput.ReadLineAsync().WaitAsync(Server.Limit).GetAwaiter().GetResult();
        Assert.NotNull(line);
        return new Planted(process, [.. line.Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture))]);
    }
}
