using Isthmus.Inspection;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;
using static Isthmus.Tests.Reasons.Chains;

namespace Isthmus.Tests.Reasons;

public sealed class ReasonTests : IDisposable
{
    // Each of the processes 0 to n-1 runs body(index) in a child of its own, in the order of their numbers; their ids are told.
    private const string Ring = """
        count = int(sys.argv[1]); directory = sys.argv[2]
        def ring(body): say(*[fork(lambda index=index: body(index)) for index in range(count)])

        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(2, "flock", "flock")]
    [InlineData(3, "flock", "flock")]
    [InlineData(2, "ofd", "OFD lock")]
    [InlineData(3, "ofd", "OFD lock")]
    public async Task Processes_that_wait_for_each_others_locks_are_a_deadlock(int count, string flavour, string word)
    {
        using Actor actor = Actor.Python(Ring + """
            def lock(file):
                if sys.argv[3] == "flock": fcntl.flock(file, fcntl.LOCK_EX)
                else: fcntl.fcntl(file, 38, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
            def body(index):
                own = open(directory + "/%d" % index, "w"); lock(own)
                os.write(done[1], b"x"); os.read(go[0], 1)
                other = open(directory + "/%d" % ((index + 1) % count), "w"); lock(other)
            done = os.pipe(); go = os.pipe()
            ring(body)
            for _ in range(count): os.read(done[0], 1)
            os.write(go[1], b"x" * count)
            hold()
            """, Number(count), _directory.Root, flavour);
        int[] ids = actor.ReadNumbers();

        WaitChain chain = await ChainOf(ids[0], found => found.End == WaitEnd.Deadlock);

        Assert.Equal(ids, chain.Cycle.Select(step => step.Process.Id));
        Assert.Equal(chain.Steps, chain.Cycle);
        Assert.All(chain.Steps.Index(), step => Assert.Equal(_directory[Number((step.Index + 1) % count)], step.Item.Object!.Name));
        string name = chain.Steps[0].Process.Name;
        string[] links = [.. Enumerable.Range(0, count).Select(index =>
            $" waits for the {word} on {_directory[Number((index + 1) % count)]} held by {ids[(index + 1) % count]} ({name})")];
        Assert.Equal($"{ids[0]} ({name}){string.Join(", which", links)}: a deadlock of {count} processes.", chain.ToString());
        AssertIsFoundOnce(ids);
    }

    [Theory]
    [InlineData(2, "read")]
    [InlineData(3, "read")]
    [InlineData(2, "write")]
    [InlineData(3, "write")]
    public async Task Processes_that_wait_for_each_others_pipes_are_a_deadlock(int count, string how)
    {
        // Process n has the reading end of pipe n and the writing end of pipe n+1.
        using Actor actor = Actor.Python(Ring + """
            pipes = [os.pipe() for _ in range(count)]
            def body(index):
                for number, (r, w) in enumerate(pipes):
                    if number != index: os.close(r)
                    if number != (index + 1) % count: os.close(w)
                if sys.argv[3] == "read": os.read(pipes[index][0], 1)
                while True: os.write(pipes[(index + 1) % count][1], b"x" * 65536)
            ring(body)
            for r, w in pipes: os.close(r); os.close(w)
            hold()
            """, Number(count), _directory.Root, how);
        int[] ids = actor.ReadNumbers();

        WaitChain chain = await ChainOf(ids[0], found => found.End == WaitEnd.Deadlock && found.Cycle.Count == count);

        // Who reads waits for the one before, who writes for the one behind.
        int step = how == "read" ? count - 1 : 1;
        Assert.Equal(Enumerable.Range(0, count).Select(index => ids[index * step % count]), chain.Cycle.Select(link => link.Process.Id));
        Assert.All(chain.Steps, link => Assert.Equal((NodeKind.Pipe, 1), (link.Object!.Kind, link.Holders.Count)));
        Assert.Contains(how == "read" ? "; its write end is held by " : "; its read end is held by ", chain.ToString(), StringComparison.Ordinal);
        AssertIsFoundOnce(ids);
    }

    [Fact]
    public async Task The_chain_is_followed_to_the_one_who_is_stopped()
    {
        using Actor actor = Actor.Python("""
            directory = sys.argv[1]
            def lock():
                file = open(directory + "/x", "w"); fcntl.flock(file, fcntl.LOCK_EX); return file
            def holder(): file = lock(); os.write(ready[1], b"x"); os.kill(os.getpid(), signal.SIGSTOP)
            def loader(): os.close(r); lock()
            def worker(): os.close(w); os.read(r, 1)
            ready = os.pipe()
            first = fork(holder); os.read(ready[0], 1)
            r, w = os.pipe()
            second = fork(loader); third = fork(worker)
            os.close(r); os.close(w)
            say(first, second, third); hold()
            """, _directory.Root);
        int[] ids = actor.ReadNumbers();

        WaitChain chain = await ChainOf(ids[2], found => found.End == WaitEnd.Stopped);

        Assert.Equal([ids[2], ids[1], ids[0]], chain.Steps.Select(step => step.Process.Id));
        Assert.Equal(ids[0], chain.Culprit!.Id);
        ulong pipe = chain.Steps[0].Object!.Id.Number;
        string name = chain.Culprit.Name;
        Assert.Equal(
            $"{ids[2]} ({name}) waits to read pipe {pipe}; its write end is held by {ids[1]} ({name}), which waits for the flock on "
            + $"{_directory["x"]} held by {ids[0]} ({name}), which is stopped.",
            chain.ToString());
        Assert.DoesNotContain(Reason.FindDeadlocks(Everything()), deadlock => deadlock.Cycle.Any(step => ids.Contains(step.Process.Id)));
        Assert.Equal(((int[])[ids[1], ids[2]]).Order(), StuckOf(ids));
    }

    [Fact]
    public async Task A_reader_that_has_kept_the_writing_end_waits_for_itself()
    {
        using Actor actor = Actor.Python("r, w = os.pipe(); say('ready'); os.read(r, 1)");
        Assert.Equal("ready", actor.ReadLine());
        WaitChain chain = await ChainOf(actor.Id, found => found.End == WaitEnd.Deadlock);
        Assert.EndsWith(": a deadlock with itself.", chain.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signal.signal(signal.SIGTERM, lambda number, frame: os.write(w, b'x')); say(1); os.read(r, 1)")]
    [InlineData("os.mkfifo(sys.argv[1]); f = os.open(sys.argv[1], os.O_RDWR); say(1); os.read(f, 1)")]
    public async Task A_signal_handler_or_a_newcomer_may_end_the_wait(string script)
    {
        using Actor actor = Actor.Python("r, w = os.pipe()\n" + script, _directory["f"]);
        Assert.Equal("1", actor.ReadLine());
        WaitChain chain = await ChainOf(actor.Id, found => found.Steps[0].Thread!.Wait.Kind == WaitKind.Read && found.Steps[0].Target?.Descriptor != 0);
        Assert.Equal(WaitEnd.Outside, chain.End);
    }

    [Theory]
    [InlineData("unix", "socket.socketpair()")]
    [InlineData("tcp", "loopback()")]
    public async Task Processes_that_wait_for_each_others_data_on_a_connection_are_a_deadlock(string kind, string pair)
    {
        using Actor actor = Actor.Python($"""
            def loopback():
                listener = socket.create_server(("127.0.0.1", 0)); a = socket.create_connection(listener.getsockname()); b, _ = listener.accept()
                listener.close(); return a, b
            a, b = {pair}
            def one(): b.close(); a.recv(1)
            def two(): a.close(); b.recv(1)
            ids = fork(one), fork(two)
            a.close(); b.close()
            say(*ids); hold()
            """);
        int[] ids = actor.ReadNumbers();
        WaitChain chain = await ChainOf(ids[0], found => found.End == WaitEnd.Deadlock);
        Assert.Equal(ids, chain.Cycle.Select(step => step.Process.Id));
        Assert.All(chain.Cycle, step => Assert.Equal((kind, WaitKind.Read), (step.Object!.Kind.ToWord(), step.Thread!.Wait.Kind)));
    }

    [Theory]
    [InlineData("select.select([r], [], [])")]
    [InlineData("p = select.poll(); p.register(r, select.POLLIN); p.poll()")]
    [InlineData("p = select.epoll(); p.register(r, select.EPOLLIN); p.poll()")]
    [InlineData("p = select.epoll(); p.register(r, select.EPOLLIN); q = select.epoll(); q.register(p.fileno(), select.EPOLLIN); q.poll()")]
    public async Task Who_polls_is_followed_like_who_reads(string poll)
    {
        using Actor actor = Actor.Python($"""
            r, w = os.pipe()
            def reader():
                os.close(w)
                {poll}
            def writer(): os.close(r); os.kill(os.getpid(), signal.SIGSTOP)
            ids = fork(reader), fork(writer)
            os.close(r); os.close(w)
            say(*ids); hold()
            """);
        int[] ids = actor.ReadNumbers();
        WaitChain chain = await ChainOf(ids[0], found => found.End == WaitEnd.Stopped);
        Assert.Equal(ids, chain.Steps.Select(step => step.Process.Id));
        Assert.Equal(WaitKind.Poll, chain.Steps[0].Thread!.Wait.Kind);
    }

    // What it watched has another number now, and that is another pipe: it is no circle.
    [Fact]
    public async Task What_an_epoll_set_watches_is_not_told_by_a_number_that_was_used_again()
    {
        using Actor actor = Actor.Python("""
            r, w = os.pipe(); p = select.epoll(); p.register(r, select.EPOLLIN); k = os.dup(r); os.dup2(os.pipe()[0], r); say('ready'); p.poll()
            """);
        Assert.Equal("ready", actor.ReadLine());
        WaitChain chain = await ChainOf(actor.Id, found => found.Steps[0].Thread!.Wait.Kind == WaitKind.Poll);
        Assert.True(chain.Steps[0].Thread!.Wait.IsIncomplete);
        Assert.NotEqual(WaitEnd.Deadlock, chain.End);
    }

    [Fact]
    public async Task Who_waits_with_a_timeout_is_in_no_deadlock()
    {
        using Actor actor = Actor.Python("r, w = os.pipe(); say('ready'); select.select([r], [], [], 1000)");
        Assert.Equal("ready", actor.ReadLine());
        WaitChain chain = await ChainOf(actor.Id, found => found.Steps[0].Thread!.Wait.Kind == WaitKind.Poll);
        Assert.True(chain.Steps[0].Thread!.Wait.HasTimeout);
        Assert.NotEqual(WaitEnd.Deadlock, chain.End);
    }

    [Fact]
    public async Task A_holder_of_a_read_lock_who_wants_to_write_waits_for_the_other_readers()
    {
        using Actor actor = Actor.Python("""
            directory = sys.argv[1]
            def body(index):
                file = open(directory + "/x", "w+"); fcntl.fcntl(file, 38, struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0))
                os.write(done[1], b"x"); os.read(go[0], 1)
                fcntl.fcntl(file, 38, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))
            done = os.pipe(); go = os.pipe()
            ids = [fork(lambda: body(0)), fork(lambda: body(1))]
            os.read(done[0], 1); os.read(done[0], 1); os.write(go[1], b"xx")
            say(*ids); hold()
            """, _directory.Root);
        int[] ids = actor.ReadNumbers();
        WaitChain chain = await ChainOf(ids[0], found => found.End == WaitEnd.Deadlock);
        Assert.Equal(ids, chain.Cycle.Select(step => step.Process.Id));
    }

    [Fact]
    public async Task A_lock_is_free_only_when_all_its_holders_have_let_go()
    {
        using Actor actor = Actor.Python("""
            def reader(stop):
                file = open(sys.argv[1], "w"); fcntl.flock(file, fcntl.LOCK_SH); os.write(ready[1], b"x")
                if stop: os.kill(os.getpid(), signal.SIGSTOP)
                time.sleep(1000)
            ready = os.pipe()
            ids = [fork(lambda: reader(False)), fork(lambda: reader(True)), fork(lambda: reader(False))]
            for _ in ids: os.read(ready[0], 1)
            say(*ids, fork(lambda: fcntl.flock(open(sys.argv[1], "w"), fcntl.LOCK_EX))); hold()
            """, _directory["x"]);
        int[] ids = actor.ReadNumbers();
        WaitChain chain = await ChainOf(ids[3], found => found.End == WaitEnd.Stopped);
        Assert.Equal(ids[1], chain.Culprit!.Id);
        Assert.Equal(ids[..3].Order(), chain.Steps[0].Holders.Select(holder => holder.Process.Id).Order());
        Assert.Contains($" held by {ids[1]} (", chain.ToString(), StringComparison.Ordinal);
        Assert.Contains(" and 2 others, which is stopped.", chain.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_for_a_child_waits_for_what_the_child_waits_for()
    {
        using Actor actor = Actor.Shell("exec 3<&0; cat <&3 & echo $!; bash -c 'kill -STOP $$; :' & echo $!; wait");
        int[] children = [actor.ReadNumber(), actor.ReadNumber()];
        // A child that another test has just made has our descriptors until it runs its own program.
        WaitChain chain = await ChainOf(actor.Id, found => found.Steps[0].Thread!.Wait.Kind == WaitKind.Child && found.Steps.Count == 3
            && found.Steps[2].Process.Id == Environment.ProcessId);
        Assert.Equal(children, chain.Steps[0].Holders.Select(holder => holder.Process.Id));
        // Our own end of cat's standard input: we run.
        Assert.Equal([actor.Id, children[0], Environment.ProcessId], chain.Steps.Select(step => step.Process.Id));
        string expected = $" waits for its child {children[0]} (cat) and {children[1]} (bash) to end, which waits to read pipe ";
        Assert.Contains(expected, chain.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_process_has_is_seen_when_its_main_thread_has_ended()
    {
        using Actor actor = Actor.C("""
            #include <pthread.h>
            #include <stdio.h>
            #include <unistd.h>
            static void *rest(void *main) { pthread_join(*(pthread_t *)main, 0); pause(); return 0; }
            int main(void) {
                int ends[2]; static pthread_t self, thread; char byte;
                if (pipe(ends)) return 1;
                pid_t reader = fork();
                if (!reader) { close(ends[1]); return read(ends[0], &byte, 1) != 1; }
                close(ends[0]); printf("ready\n%d\n", reader); fflush(stdout);
                self = pthread_self(); pthread_create(&thread, 0, rest, &self); pthread_exit(0);
            }
            """);
        int reader = actor.ReadNumber();
        WaitChain chain = await ChainOf(reader, found => found.Steps is [_, { Thread.Wait.Kind: WaitKind.Signal }] steps
            && steps[1].Process.State == ThreadRunState.Zombie);
        Assert.Equal(actor.Id, chain.Culprit!.Id);
        Assert.NotEmpty(chain.Culprit.CommandLine);
        Assert.NotNull(chain.Culprit.DescriptorCount);
        Assert.Matches($"; its write end is held by {actor.Id} \\(actor\\), whose thread [0-9]+ \\(actor\\) waits for a signal.$", chain.ToString());
    }

    // The numbers of its process stand for a pipe of which it has both ends: no circle of this thread.
    [Fact]
    public async Task A_thread_with_a_table_of_its_own_is_not_told_by_that_of_its_process()
    {
        using Actor actor = Actor.Python("""
            r, w = os.pipe()
            def body():
                libc.unshare(0x400); a, b = os.pipe(); os.dup2(a, r); say(r); os.read(r, 1)
            threading.Thread(target=body).start(); hold()
            """);
        int descriptor = actor.ReadNumber();
        ThreadNode? thread = null;
        await Eventually.IsTrue(() => (thread = Everything().FindProcess(actor.Id)!.Threads.FirstOrDefault(each => each.Wait.Call == "read")) is not null);
        Assert.Empty(thread!.Wait.Targets);
        Reason reason = Reason.Of(Everything(), actor.Id)!;
        WaitChain chain = Assert.Single(reason.Chains, each => each.Steps[0].Thread!.Id == thread.Id);
        Assert.EndsWith($" waits to read descriptor {descriptor} of a table of its own.", chain.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_starts_a_child_waits_for_its_program()
    {
        using Actor actor = Actor.C("""
            #include <signal.h>
            #include <stdio.h>
            #include <unistd.h>
            int main(void) { puts("ready"); fflush(stdout); if (!vfork()) { raise(SIGSTOP); _exit(0); } }
            """);
        WaitChain chain = await ChainOf(actor.Id, found => found.End == WaitEnd.Stopped);
        Assert.Equal(WaitKind.ProgramStart, chain.Steps[0].Thread!.Wait.Kind);
        Assert.EndsWith($" waits for its child {chain.Culprit} to start its program, which is stopped.", chain.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_ended_is_told_with_the_parent_that_does_not_reap_it()
    {
        using Actor actor = Actor.Python("say(fork(lambda: None)); hold()");
        int child = actor.ReadNumber();
        WaitChain chain = await ChainOf(child, found => found.Steps.Count == 2 && found.End == WaitEnd.Outside);
        string name = chain.Culprit!.Name;
        Assert.Equal($"{child} ({name}) has ended and was not reaped by its parent {actor.Id} ({name}), which waits for a signal.", chain.ToString());
    }

    // What is waited for, and in which kind of object; what stands at the end of the chain.
    [Theory]
    [InlineData("l = socket.create_server(('127.0.0.1', 0)); say(1); l.accept()", WaitKind.Accept, NodeKind.TcpSocket, WaitEnd.Outside)]
    [InlineData("os.mkfifo(d + '/f'); say(1); open(d + '/f')", WaitKind.OpenFifo, NodeKind.Fifo, WaitEnd.Outside)]
    [InlineData("os.mkfifo(d + '/f'); os.chdir(d); say(1); open('f', 'w')", WaitKind.OpenFifo, NodeKind.Fifo, WaitEnd.Outside)]
    [InlineData("os.mkfifo(d + '/f'); k = os.open(d, os.O_RDONLY); say(1); os.open('f', 0, dir_fd=k)", WaitKind.OpenFifo, NodeKind.Fifo, WaitEnd.Outside)]
    [InlineData("q = libc.msgget(0, 0o1600); say(1); libc.msgrcv(q, b'x' * 16, 8, 0, 0)", WaitKind.Receive, NodeKind.SystemVMessageQueue, WaitEnd.Outside)]
    [InlineData(
        "q = libc.semget(0, 1, 0o1600); say(1); libc.semop(q, struct.pack('HhH', 0, -1, 0), 1)",
        WaitKind.Semaphore, NodeKind.SystemVSemaphoreSet, WaitEnd.Outside)]
    [InlineData(
        "m = mmap.mmap(-1, 4096); say(1); libc.sem_wait((ctypes.c_char * 32).from_buffer(m))",
        WaitKind.Futex, NodeKind.AnonymousSharedMemory, WaitEnd.Unknown)]
    [InlineData("say(1); signal.pause()", WaitKind.Signal, NodeKind.Process, WaitEnd.Outside)]
    [InlineData("say(1); time.sleep(1000)", WaitKind.Time, NodeKind.Process, WaitEnd.Sleeps)]
    [InlineData("say(1); os.kill(os.getpid(), signal.SIGSTOP)", WaitKind.Stopped, NodeKind.Process, WaitEnd.Stopped)]
    [InlineData("say(1)\nwhile True: pass", WaitKind.None, NodeKind.Process, WaitEnd.Runs)]
    [InlineData("l = threading.Lock(); l.acquire(); say(1); l.acquire()", WaitKind.Futex, NodeKind.Process, WaitEnd.Unknown)]
    [InlineData("s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0)); say(1); s.recv(1)", WaitKind.Read, NodeKind.UdpSocket, WaitEnd.Outside)]
    [InlineData("m, s = os.openpty(); say(1); os.read(s, 1)", WaitKind.Read, NodeKind.PseudoTerminal, WaitEnd.Deadlock)]
    [InlineData("e = libc.eventfd(0, 0); say(1); os.read(e, 8)", WaitKind.Read, NodeKind.EventFd, WaitEnd.Deadlock)]
    [InlineData(
        "l = socket.socket(socket.AF_UNIX); l.bind(d + '/s'); l.listen(0); k = []; say(1)\n"
        + "while True: k.append(socket.socket(socket.AF_UNIX)); k[-1].connect(d + '/s')",
        WaitKind.Connect, NodeKind.UnixSocket, WaitEnd.Deadlock)]
    [InlineData("t = libc.timerfd_create(1, 0); say(1); os.read(t, 8)", WaitKind.Read, NodeKind.TimerFd, WaitEnd.Outside)]
    [InlineData("p = os.pidfd_open(os.getppid()); say(1); select.select([p], [], [])", WaitKind.Poll, NodeKind.PidFd, null)]
    public async Task Every_kind_of_wait_is_told(string script, WaitKind wait, NodeKind kind, WaitEnd? end)
    {
        using Actor actor = Actor.Python("d = sys.argv[1]\nlibc.semctl.restype = None\n" + script, _directory.Root);
        Assert.Equal("1", actor.ReadLine());
        WaitChain chain = await ChainOf(actor.Id, found => found.Steps[0].Thread!.Wait.Kind == wait && (end is null || found.End == end));
        Assert.Equal(kind, chain.Steps[0].Object?.Kind ?? NodeKind.Process);
        Assert.Equal(wait == WaitKind.OpenFifo ? _directory["f"] : chain.Steps[0].Object?.Name, chain.Steps[0].Object?.Name);
        RemoveSystemV(chain.Steps[0].Object);
    }

    [Fact]
    public async Task Who_opens_a_file_waits_for_the_holder_of_a_lease()
    {
        using Actor actor = Actor.Python("""
            signal.signal(signal.SIGIO, lambda number, frame: None)
            file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT); fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            say(fork(lambda: os.open(sys.argv[1], os.O_RDONLY)))
            while True: time.sleep(1000)
            """, _directory["x"]);
        int opener = actor.ReadNumber();
        WaitChain chain = await ChainOf(opener, found => found.Steps.Count == 2);
        Assert.Equal((WaitKind.FileLock, actor.Id), (chain.Steps[0].Thread!.Wait.Kind, chain.Culprit!.Id));
        Assert.Contains($" waits for the lease on {_directory["x"]} held by {actor.Id} (", chain.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_is_not_there_has_no_reason() => Assert.Null(Reason.Of(Everything(), int.MaxValue));

    [Fact]
    public void A_snapshot_without_threads_is_refused() => Assert.Throws<ArgumentException>(() => Reason.Of(Snapshot.Take(), 1));

    private static void RemoveSystemV(ObjectNode? node)
    {
        switch (node?.Kind)
        {
            case NodeKind.SystemVMessageQueue:
                Peer.Run("ipcrm", ["-q", node.Id.Text]);
                break;
            case NodeKind.SystemVSemaphoreSet:
                Peer.Run("ipcrm", ["-s", node.Id.Text]);
                break;
        }
    }

    private static void AssertIsFoundOnce(int[] ids)
    {
        WaitChain found = Assert.Single(Reason.FindDeadlocks(Everything()), chain => chain.Cycle.Any(step => ids.Contains(step.Process.Id)));
        Assert.Equal(ids.Order(), found.Cycle.Select(step => step.Process.Id).Order());
        Assert.Equal(ids.Order(), StuckOf(ids));
    }
}
