using System.Diagnostics;
using System.Globalization;
using Isthmus.Inspection;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Tests.Snapshots;

/// <summary>
/// A refreshed snapshot is what a whole one would be: of processes that ran, and of those that did not while others changed what they have.
/// </summary>
public sealed class RefreshTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_found_in_a_process_that_has_not_run_is_kept()
    {
        using Actor actor = Actor.Python("r, w = os.pipe(); say(1); hold()");
        actor.ReadLine();
        Snapshot before = Everything();
        Snapshot after = before;
        // It may still be on its way to sleep.
        await Eventually.IsTrue(() =>
        {
            (before, after) = (after, after.Refresh());
            return ReferenceEquals(before.Memory.Processes[actor.Id], after.Memory.Processes[actor.Id]);
        });
        AssertAsTakenNow(after, actor.Id);
        Assert.False(ReferenceEquals(before.Memory.Processes[Environment.ProcessId], after.Memory.Processes[Environment.ProcessId]));
    }

    [Fact]
    public async Task All_are_read_again_when_the_last_time_was_long_ago()
    {
        using Actor actor = Actor.Python("say(1); hold()");
        actor.ReadLine();
        Snapshot snapshot = await AsleepAsync(actor.Id);
        SweepMemory old = snapshot.Memory with { WholeAt = Stopwatch.GetTimestamp() - (30 * Stopwatch.Frequency) };
        Assert.Same(snapshot.Memory.Processes[actor.Id], Sweep(snapshot, snapshot.Memory).Processes[actor.Id]);
        Assert.NotSame(snapshot.Memory.Processes[actor.Id], Sweep(snapshot, old).Processes[actor.Id]);
    }

    [Fact]
    public void The_least_that_a_process_does_is_seen()
    {
        using Actor actor = Actor.Python("""
            while ask(): say(os.dup(0))
            """);
        Snapshot snapshot = Everything();
        for (int round = 0; round < 40; round++)
        {
            actor.WriteLine("dup");
            int descriptor = actor.ReadNumber();
            snapshot = snapshot.Refresh();
            Assert.Contains(snapshot.EdgesFrom(snapshot.FindProcess(actor.Id)!.Node), edge => edge.Descriptor == descriptor);
        }
    }

    [Fact]
    public void An_earlier_snapshot_stays_as_it_was()
    {
        using Actor actor = Actor.Python("say(1); ask(); r, w = os.pipe(); say(1); hold()");
        actor.ReadLine();
        Snapshot before = Everything();
        string was = Describe(before, actor.Id);
        actor.WriteLine("go");
        actor.ReadLine();
        Snapshot after = before.Refresh();
        Assert.Equal(was, Describe(before, actor.Id));
        Assert.NotEqual(was, Describe(after, actor.Id));
        Assert.Equal(before.Options, after.Options);
    }

    [Fact]
    public async Task Who_begins_and_who_ends_is_seen()
    {
        using Actor actor = Actor.Python("""
            child = fork(hold); say(child); ask()
            os.kill(child, 9); os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT); say(1); ask()
            os.waitpid(child, 0); say(1); hold()
            """);
        Snapshot before = Everything();
        int child = actor.ReadNumber();
        Snapshot after = before.Refresh();
        Assert.Equal(actor.Id, after.FindProcess(child)!.ParentId);
        actor.WriteLine("kill");
        actor.ReadLine();
        // The child is a zombie before it has used the last of its time.
        await Eventually.IsTrue(() => (after = after.Refresh()).FindProcess(child)!.State == ThreadRunState.Zombie);
        actor.WriteLine("reap");
        actor.ReadLine();
        Assert.Null(after.Refresh().FindProcess(child));
    }

    [Fact]
    public async Task Who_is_stopped_and_continued_is_seen()
    {
        using Actor actor = Actor.Python("say(1); hold()");
        actor.ReadLine();
        Snapshot snapshot = await AsleepAsync(actor.Id);
        Assert.Equal(0, LibC.kill(actor.Id, Signal.SIGSTOP.Number));
        await Eventually.IsTrue(() => (snapshot = snapshot.Refresh()).FindProcess(actor.Id)!.State == ThreadRunState.Stopped);
        Assert.Equal(0, LibC.kill(actor.Id, Signal.SIGCONT.Number));
        await Eventually.IsTrue(() => (snapshot = snapshot.Refresh()).FindProcess(actor.Id)!.State == ThreadRunState.Sleeping);
    }

    [Fact]
    public Task A_thread_that_was_started_and_one_that_waits_are_seen() => SeenAsync("""
        r, w = os.pipe()
        child = fork(lambda: (threading.Thread(target=lambda: os.read(r, 1)).start(), say(os.getpid()), hold()))
        ask(); os.write(w, b"x"); say(1); hold()
        """);

    [Fact]
    public Task The_end_of_a_peer_is_seen_at_who_has_not_run() => SeenAsync("""
        a, b = socket.socketpair()
        child = fork(lambda: (b.close(), say(os.getpid()), hold()))
        a.close() ; ask(); b.close(); say(1); hold()
        """);

    [Fact]
    public Task What_waits_in_the_socket_of_who_has_not_run_is_seen() => SeenAsync("""
        a, b = socket.socketpair()
        child = fork(lambda: (say(os.getpid()), hold()))
        ask(); b.send(b"hello"); say(1); hold()
        """);

    [Fact]
    public Task The_new_parent_of_who_has_not_run_is_seen() => SeenAsync("""
        def parent():
            fork(lambda: (say(os.getpid()), hold()))
            hold()
        middle = fork(parent); ask(); os.kill(middle, 9); os.waitpid(middle, 0); say(1); hold()
        """);

    [Fact]
    public Task The_end_of_whom_a_pidfd_leads_to_is_seen() => SeenAsync("""
        watched = fork(hold); fd = os.pidfd_open(watched)
        child = fork(lambda: (say(os.getpid()), hold()))
        ask(); os.kill(watched, 9); os.waitpid(watched, 0); say(1); hold()
        """);

    [Fact]
    public Task The_count_of_an_event_is_seen_at_who_has_not_run() => SeenAsync("""
        fd = libc.eventfd(0, 0)
        child = fork(lambda: (say(os.getpid()), hold()))
        ask(); os.write(fd, struct.pack("Q", 7)); say(1); hold()
        """);

    [Fact]
    public Task A_lock_that_comes_and_goes_by_a_shared_descriptor_is_seen_at_who_has_not_run() => SeenAsync("""
        file = open(sys.argv[1], "w")
        child = fork(lambda: (say(os.getpid()), hold()))
        ask(); fcntl.flock(file, fcntl.LOCK_EX); say(1)
        ask(); fcntl.flock(file, fcntl.LOCK_SH); say(1)
        ask(); fcntl.flock(file, fcntl.LOCK_UN); say(1); hold()
        """, rounds: 3);

    [Fact]
    public Task A_lock_that_another_descriptor_takes_over_is_no_longer_held_by_who_has_not_run() => SeenAsync("""
        ofd = lambda kind: struct.pack("hhqqi4x", kind, 0, 0, 0, 0)
        file = open(sys.argv[1], "w"); fcntl.fcntl(file, 37, ofd(fcntl.F_WRLCK))
        child = fork(lambda: (say(os.getpid()), hold()))
        ask(); fcntl.fcntl(file, 37, ofd(fcntl.F_UNLCK))
        other = open(sys.argv[1], "w"); fcntl.fcntl(other, 37, ofd(fcntl.F_WRLCK)); say(1); hold()
        """);

    [Fact]
    public async Task The_new_owner_of_a_mutex_is_seen_at_who_waits_on()
    {
        using Actor actor = Actor.C("""
            #include <pthread.h>
            #include <stdio.h>
            #include <sys/mman.h>
            #include <unistd.h>
            static pthread_mutex_t *mutex;
            int main(void) {
                pthread_mutexattr_t shared;
                char line[8];
                mutex = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
                pthread_mutexattr_init(&shared); pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
                pthread_mutex_init(mutex, &shared); pthread_mutex_lock(mutex);
                puts("ready"); fflush(stdout);
                for (int i = 0; i < 2; i++) {
                    int child = fork();
                    if (child == 0) { pthread_mutex_lock(mutex); pause(); }
                    printf("%d\n", child); fflush(stdout);
                }
                fgets(line, sizeof line, stdin);
                pthread_mutex_unlock(mutex); pause();
            }
            """);
        int[] waiters = [actor.ReadNumber(), actor.ReadNumber()];
        Snapshot snapshot = Everything();
        await Eventually.IsTrue(() => Array.TrueForAll(waiters, _ => Owners(snapshot = snapshot.Refresh(), waiters).SequenceEqual([actor.Id, actor.Id])));
        actor.WriteLine("go");
        // One of both has it now and does something else, and the other one has not even woken up.
        await Eventually.IsTrue(() => Array.Exists(waiters, id => IsInPause(snapshot = snapshot.Refresh(), id)));
        snapshot = snapshot.Refresh();
        Assert.Equal(waiters.Where(id => IsInPause(snapshot, id)), Owners(snapshot, waiters));
    }

    [Fact]
    public async Task Locks_of_chosen_processes_are_seen()
    {
        using Actor actor = Actor.Python("""
            file = open(sys.argv[1], "w"); say(1); ask(); fcntl.flock(file, fcntl.LOCK_EX); say(1); hold()
            """, _directory["x"]);
        actor.ReadLine();
        Snapshot before = Snapshot.Take(new SnapshotOptions { ProcessIds = [actor.Id] });
        actor.WriteLine("go");
        actor.ReadLine();
        Snapshot after = before.Refresh();
        Assert.Equal([actor.Id], after.Processes.Select(each => each.Id));
        await Eventually.IsTrue(() => (after = after.Refresh()).EdgesFrom(after.Processes[0].Node).Any(edge => edge.Kind == EdgeKind.HoldsLock));
    }

    private static SweepMemory Sweep(Snapshot snapshot, SweepMemory memory)
    {
        using DirectoryReader proc = DirectoryReader.TryOpen("/proc", out _)!;
        return new ProcessSweep(proc, snapshot.Options, memory).Run();
    }

    private static Snapshot Everything() => Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });

    // The first line names a child that does nothing any more; each line that the actor gets makes it change something, and it tells when it has.
    private async Task SeenAsync(string script, int rounds = 1)
    {
        using Actor actor = Actor.Python(script, _directory["x"]);
        int child = actor.ReadNumber();
        Snapshot snapshot = await AsleepAsync(child);
        for (int round = 0; round < rounds; round++)
        {
            string before = Describe(snapshot, child);
            actor.WriteLine("go");
            actor.ReadLine();
            // The actor has done it; the child may not have noticed yet.
            await Eventually.IsTrue(() => Describe(snapshot = snapshot.Refresh(), child) != before);
            AssertAsTakenNow(snapshot, actor.Id, child);
        }
    }

    // Its next refresh will not read it again, but for what others do.
    private static async Task<Snapshot> AsleepAsync(int processId)
    {
        Snapshot before = Everything();
        await Eventually.IsTrue(() =>
        {
            Snapshot after = before.Refresh();
            bool same = ReferenceEquals(before.Memory.Processes[processId], after.Memory.Processes[processId]);
            before = after;
            return same;
        });
        return before;
    }

    private static void AssertAsTakenNow(Snapshot refreshed, params int[] processes)
    {
        // Whoever told something may still be on the way to sleep.
        string expected = Describe(Everything(), processes);
        for (int tries = 0; expected != Describe(refreshed, processes) && tries < 20; tries++)
        {
            refreshed = refreshed.Refresh();
            expected = Describe(Everything(), processes);
        }
        Assert.Equal(expected, Describe(refreshed, processes));
    }

    private static string Describe(Snapshot snapshot, params int[] processes)
    {
        ProcessNode[] nodes = [.. processes.Select(id => snapshot.FindProcess(id)).OfType<ProcessNode>()];
        Edge[] edges = [.. nodes.SelectMany(node => snapshot.EdgesFrom(node.Node).Concat(snapshot.EdgesTo(node.Node)))];
        IEnumerable<ObjectNode> objects = edges.SelectMany(edge => new[] { snapshot.FindObject(edge.From), snapshot.FindObject(edge.To) }).OfType<ObjectNode>();
        // Files that this machine's other programs change meanwhile are the same file.
        IEnumerable<string> told = objects.Distinct()
            .Select(each => each.Kind is NodeKind.File or NodeKind.Directory or NodeKind.Device ? each.Id.ToString() : each.ToString()!);
        return string.Join('\n', (IEnumerable<string>)
        [
            .. nodes.Select(node => string.Create(
                CultureInfo.InvariantCulture, $"{node} {node.StartTime} of {node.ParentId} {node.State} {string.Join(' ', node.Threads.Select(Tell))}")),
            .. edges.Select(edge => edge.ToString()).Order(StringComparer.Ordinal),
            .. told.Order(StringComparer.Ordinal),
        ]);
    }

    private static string Tell(ThreadNode thread) => string.Create(
        CultureInfo.InvariantCulture,
        $"{thread.Id} {thread.State} {thread.Wait.Kind} {thread.Wait.Call} {string.Join(' ', thread.Wait.Targets.Select(target => target.ToString()))}");

    private static bool IsInPause(Snapshot snapshot, int process) => snapshot.FindProcess(process)!.Threads[0].Wait.Kind == WaitKind.Signal;

    private static List<int> Owners(Snapshot snapshot, int[] waiters) =>
    [
        .. from id in waiters
           from thread in snapshot.FindProcess(id)!.Threads
           where thread.Wait is { Kind: WaitKind.Mutex, OwnerThreadId: not null }
           select thread.Wait.OwnerThreadId!.Value,
    ];
}
