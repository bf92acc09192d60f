using Isthmus.Inspection;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Tests.Snapshots;

/// <summary>Who really holds something, where the kernel's own tables name another one or nobody.</summary>
public sealed class HolderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_lock_is_held_by_who_has_inherited_it_when_its_acquirer_is_dead()
    {
        using Actor actor = Actor.Python("""
            def acquirer():
                file = open(sys.argv[1], "w"); fcntl.flock(file, fcntl.LOCK_EX)
                if os.fork() == 0: say(os.getpid()); hold()
            dead = fork(acquirer); os.waitpid(dead, 0); say(dead); hold()
            """, _directory["x"]);
        int[] told = [actor.ReadNumber(), actor.ReadNumber()];
        await Eventually.IsTrue(() => !Directory.Exists($"/proc/{told.Min()}") || !Directory.Exists($"/proc/{told.Max()}"));
        (Snapshot snapshot, FileLockNode held) = await TakeWithLockAsync();
        Edge holder = Assert.Single(snapshot.EdgesTo(held.Id), edge => edge.Kind == EdgeKind.HoldsLock);
        Assert.Contains((int)holder.From.Number, told);
    }

    [Fact]
    public async Task Who_has_mapped_a_file_does_not_hold_the_lock_that_a_descriptor_has()
    {
        using Actor actor = Actor.Python("""
            def mapper():
                file = open(sys.argv[1], "r+"); memory = mmap.mmap(file.fileno(), 4096); say(os.getpid()); hold()
            os.truncate(os.open(sys.argv[1], os.O_RDWR | os.O_CREAT), 4096)
            fork(mapper); ask()
            file = open(sys.argv[1], "r+"); fcntl.flock(file, fcntl.LOCK_EX); say(1); hold()
            """, _directory["x"]);
        int mapper = actor.ReadNumber();
        actor.WriteLine("go");
        Assert.Equal("1", actor.ReadLine());
        (Snapshot snapshot, FileLockNode held) = await TakeWithLockAsync();
        Assert.Equal([actor.Id], snapshot.EdgesTo(held.Id).Where(edge => edge.Kind == EdgeKind.HoldsLock).Select(edge => (int)edge.From.Number));
        Assert.Contains(snapshot.EdgesTo(held.File), edge => edge.Kind == EdgeKind.Maps && edge.From.Number == (ulong)mapper);
    }

    [Fact]
    public void An_epoll_set_that_was_inherited_is_one_object_with_two_users_and_one_like_it_another()
    {
        using Actor actor = Actor.Python("""
            r, w = os.pipe()
            shared = select.epoll(); shared.register(r, select.EPOLLIN)
            child = fork(lambda: (say(os.getpid()), hold()))
            def other():
                own = select.epoll(); own.register(r, select.EPOLLIN); shared.close(); say(os.getpid(), own.fileno(), 2); hold()
            ask(); fork(other); say(shared.fileno(), r); hold()
            """);
        int child = actor.ReadNumber();
        actor.WriteLine("go");
        int[][] told = [actor.ReadNumbers(), actor.ReadNumbers()];
        int[] own = told.Single(line => line.Length == 2);
        int[] other = told.Single(line => line.Length == 3);
        Snapshot snapshot = Snapshot.Take();
        NodeId At(int process, int descriptor) => snapshot.EdgesFrom(snapshot.FindProcess(process)!.Node)
            .Single(edge => edge.Kind == EdgeKind.HoldsOpen && edge.Descriptor == descriptor).To;
        NodeId set = At(actor.Id, own[0]);
        Assert.Equal(NodeKind.Epoll, set.Kind);
        Assert.Equal(set, At(child, own[0]));
        Assert.NotEqual(set, At(other[0], other[1]));
        Assert.Single(snapshot.EdgesFrom(set), edge => edge.Kind == EdgeKind.Watches && edge.To == At(actor.Id, own[1]));
        Assert.NotNull(snapshot.FindObject(set));
    }

    [Fact]
    public async Task A_lock_that_only_a_mapping_keeps_is_held_by_who_has_mapped_the_file()
    {
        using Actor actor = Actor.C("""
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <stdio.h>
            #include <sys/mman.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
                int file = open(argv[1], O_RDWR | O_CREAT, 0600);
                struct flock lock = { .l_type = F_WRLCK, .l_len = 1 };
                if (ftruncate(file, 4096) || fcntl(file, F_OFD_SETLK, &lock)) return 1;
                if (mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) == MAP_FAILED) return 1;
                close(file);
                puts("ready"); fflush(stdout);
                pause();
            }
            """, _directory["x"]);
        (Snapshot snapshot, FileLockNode held) = await TakeWithLockAsync();
        ObjectNode file = snapshot.Objects.Single(each => each.Kind == NodeKind.File && each.Name == _directory["x"]);
        Assert.Equal((4096, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file.Size, file.Mode));
        Assert.Equal(file.Id, held.File);
        Edge holder = Assert.Single(snapshot.EdgesTo(held.Id), edge => edge.Kind == EdgeKind.HoldsLock);
        Assert.Equal(((ulong)actor.Id, null), (holder.From.Number, holder.Descriptor));
    }

    [Fact]
    public void Shared_memory_connects_all_who_have_mapped_it()
    {
        using Actor actor = Actor.Python("""
            memory = mmap.mmap(-1, 8192)
            say(fork(hold), fork(hold)); hold()
            """);
        int[] children = actor.ReadNumbers();
        Snapshot snapshot = Snapshot.Take();
        NodeId memory = snapshot.EdgesFrom(snapshot.FindProcess(actor.Id)!.Node)
            .Single(edge => edge.Kind == EdgeKind.Maps && edge.To.Kind == NodeKind.AnonymousSharedMemory).To;
        Assert.Equal(
            new[] { actor.Id }.Concat(children).Order(),
            snapshot.EdgesTo(memory).Where(edge => edge.Kind == EdgeKind.Maps).Select(edge => (int)edge.From.Number).Order());
    }

    [Fact]
    public async Task Objects_that_nobody_has_open_are_there_too()
    {
        using QueueName name = new();
        using (PosixMessageQueue queue = PosixMessageQueue.Create(name))
        {
            queue.Send("x"u8);
        }
        using PosixSemaphore semaphore = PosixSemaphore.Create(name, 7);
        try
        {
            Snapshot before = Snapshot.Take();
            ObjectNode open = before.Objects.Single(each => each.Kind == NodeKind.PosixSemaphore && each.Name == name.Value);
            Assert.Contains(before.EdgesTo(open.Id), edge => edge.Kind == EdgeKind.Maps && edge.From.Number == (ulong)Environment.ProcessId);
            semaphore.Dispose();
            Snapshot snapshot = before;
            // A child that another test has just made has what we had, until it runs its own program.
            await Eventually.IsTrue(() =>
            {
                snapshot = Snapshot.Take();
                return snapshot.Objects.Where(each => each.Name == name.Value).All(each => !snapshot.EdgesTo(each.Id).Any());
            });
            ObjectNode left = snapshot.Objects.Single(each => each.Kind == NodeKind.PosixSemaphore && each.Name == name.Value);
            Assert.Equal((7, UnixFileMode.UserRead | UnixFileMode.UserWrite), (left.Fill, left.Mode));
            if (!snapshot.Gaps.HasFlag(SnapshotGaps.MessageQueueNames))
            {
                ObjectNode found = snapshot.Objects.Single(each => each.Kind == NodeKind.PosixMessageQueue && each.Name == name.Value);
                Assert.Equal(1, found.Fill);
            }
        }
        finally
        {
            PosixSemaphore.Unlink(name);
        }
    }

    [Fact]
    public void The_fill_of_a_pipe_is_told_on_demand()
    {
        using Actor actor = Actor.Python("r, w = os.pipe(); os.write(w, b'hello'); say(r); ask()");
        int descriptor = actor.ReadNumber();
        Assert.Equal((null, null), FillOf(SnapshotParts.Graph));
        Assert.Equal((5, 65536), FillOf(SnapshotParts.Graph | SnapshotParts.PipeFill));

        (long?, long?) FillOf(SnapshotParts parts)
        {
            Snapshot snapshot = Snapshot.Take(new SnapshotOptions { Parts = parts, ProcessIds = [actor.Id] });
            Edge held = snapshot.EdgesFrom(snapshot.FindProcess(actor.Id)!.Node).Single(edge => edge.Descriptor == descriptor);
            ObjectNode pipe = snapshot.FindObject(held.To)!;
            return (pipe.Fill, pipe.Capacity);
        }
    }

    [Fact]
    public void What_the_runtime_makes_for_itself_is_marked()
    {
        Snapshot snapshot = Snapshot.Take();
        NodeId self = snapshot.FindProcess(Environment.ProcessId)!.Node;
        ObjectNode[] ours = [.. snapshot.EdgesFrom(self).Select(edge => snapshot.FindObject(edge.To)).OfType<ObjectNode>().Distinct()];
        Assert.Contains(ours, each => each is { Kind: NodeKind.UnixSocket, IsRuntime: true });
        Assert.Contains(ours, each => each is { Kind: NodeKind.Pipe, IsRuntime: true });
        using Actor actor = Actor.Python("r, w = os.pipe(); say(r); ask()");
        int descriptor = actor.ReadNumber();
        Snapshot after = Snapshot.Take();
        Assert.False(after.FindObject(after.EdgesFrom(after.FindProcess(actor.Id)!.Node).Single(edge => edge.Descriptor == descriptor).To)!.IsRuntime);
    }

    // One reading of the kernel's table may miss a line, when another lock goes meanwhile.
    private async Task<(Snapshot Snapshot, FileLockNode Held)> TakeWithLockAsync()
    {
        Snapshot? snapshot = null;
        FileLockNode[] held = [];
        await Eventually.IsTrue(() =>
        {
            snapshot = Snapshot.Take();
            held = [.. snapshot.Objects.OfType<FileLockNode>().Where(each => each.Name == _directory["x"])];
            return held.Length > 0;
        });
        return (snapshot!, Assert.Single(held));
    }
}
