using System.Globalization;
using Isthmus.Inspection;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Snapshots;

/// <summary>The objects of Isthmus itself: what stands in their segments joins those who wait with those who hold.</summary>
public sealed class SegmentTests : IDisposable
{
    private static int s_count;

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"isthmus-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");

    private string Other => _name + "-other";

    public void Dispose()
    {
        foreach (string name in (string[])[_name, Other])
        {
            try
            {
                SharedMutex.Unlink(name);
            }
            catch (FileNotFoundException)
            {
                // Not every test makes both.
            }
        }
    }

    [Fact]
    public void A_mutex_is_an_object_with_participants_and_an_owner()
    {
        using SharedMutex mutex = SharedMutex.Create(_name);
        using Child owner = Child.Start(Own, _name);
        Assert.Equal("in", owner.ReadLine());
        Snapshot snapshot = Snapshot.Take();
        SegmentNode segment = Assert.Single(snapshot.Objects.OfType<SegmentNode>(), each => each.Name == _name);
        Assert.Equal(("mutex", NodeKind.Segment), (segment.SegmentKind, segment.Kind));
        Assert.Equal(
            new[] { Environment.ProcessId, owner.Id }.Order(),
            snapshot.EdgesTo(segment.Id).Where(edge => edge.Kind == EdgeKind.TakesPart).Select(edge => (int)edge.From.Number).Order());
        Assert.Equal(owner.Id, (int)Assert.Single(snapshot.EdgesTo(segment.Id), edge => edge.Kind == EdgeKind.HoldsLock).From.Number);
        // A child that another test has just made has our memory until it runs its own program.
        Assert.Equal(2, snapshot.EdgesTo(segment.Id).Count(edge =>
            edge.Kind == EdgeKind.Maps && ((int)edge.From.Number == Environment.ProcessId || (int)edge.From.Number == owner.Id)));
        Assert.DoesNotContain(snapshot.Objects, each => each.Kind == NodeKind.PosixSharedMemory && each.Id.Number == segment.Id.Number);
        // The locks by which they are known to be alive are the library's own work.
        Assert.All(snapshot.Objects.OfType<FileLockNode>().Where(each => each.File == segment.Id), each => Assert.True(each.IsRuntime));
    }

    [Fact]
    public void A_mutex_without_a_name_is_a_segment_too()
    {
        using Child owner = Child.Start(OwnUnnamed);
        Assert.Equal("in", owner.ReadLine());
        Snapshot snapshot = Snapshot.Take();
        ProcessNode process = snapshot.FindProcess(owner.Id)!;
        Edge held = Assert.Single(snapshot.EdgesFrom(process.Node), edge => edge.Kind == EdgeKind.HoldsLock && edge.To.Kind == NodeKind.Segment);
        SegmentNode segment = Assert.IsType<SegmentNode>(snapshot.FindObject(held.To));
        Assert.Equal(("mutex", null), (segment.SegmentKind, segment.Name));
        Assert.Equal([owner.Id, owner.Id], segment.Participants.Select(each => each.Process.Id));
        Assert.Contains(snapshot.EdgesFrom(process.Node), edge => edge.Kind == EdgeKind.TakesPart && edge.To == segment.Id);
        Assert.Contains(snapshot.EdgesFrom(process.Node), edge => edge.Kind == EdgeKind.Maps && edge.To == segment.Id);
        Assert.DoesNotContain(snapshot.Objects, each => each.Kind == NodeKind.MemFd && each.Id.Number == segment.Id.Number);
        // And its locks, by which it is known to be alive, are on it.
        Assert.All(snapshot.EdgesTo(segment.Id).Where(edge => edge.Kind == EdgeKind.LocksFile), edge => Assert.True(snapshot.FindObject(edge.From)!.IsRuntime));
        // A process that has not run is told about by what stands in the memory.
        Assert.Contains(snapshot.Refresh().EdgesFrom(process.Node), edge => edge.Kind == EdgeKind.HoldsLock && edge.To == segment.Id);
    }

    [Fact]
    public void A_channel_that_was_scribbled_over_is_still_a_segment()
    {
        using TemporaryDirectory directory = new();
        SharedQueueOptions options = new() { Directory = directory.Root, MaxParticipants = 3, MaxProducers = 2 };
        SharedQueue.Create("x", options).Dispose();
        using MappedFile file = MappedFile.Open(directory["x"]);
        Assert.NotNull(Look(directory["x"]).Fill);
        Random random = new(1);
        for (int round = 0; round < 20; round++)
        {
            // What the kind itself keeps there; at first so that counts have no sum.
            Span<byte> words = file.Span[SegmentLayout.State(options.MaxParticipants)..];
            random.NextBytes(words);
            if (round == 0)
            {
                words.Fill(0x7F);
            }
            Assert.Equal(NodeKind.Segment, Look(directory["x"]).Kind);
        }
    }

    [Fact]
    public async Task Who_waits_for_a_mutex_waits_for_its_owner()
    {
        using SharedMutex mutex = SharedMutex.Create(_name);
        using Child owner = Child.Start(Own, _name);
        Assert.Equal("in", owner.ReadLine());
        using Child waiter = Child.Start(Enter, _name);
        Assert.Equal("entering", waiter.ReadLine());
        WaitChain? chain = null;
        await Eventually.IsTrue(() => (chain = Chains(waiter.Id).FirstOrDefault(each => each.Steps[0].Thread?.Wait.Kind == WaitKind.Segment)) is not null);
        Assert.Equal(owner.Id, chain!.Steps[0].Holders.Single().Process.Id);
        Assert.Contains($" waits for the shared mutex {_name} held by {owner.Id} (", chain.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_writer_waits_for_the_readers_of_a_reader_writer_lock()
    {
        using SharedReaderWriterLock both = SharedReaderWriterLock.Create(_name);
        using Child reader = Child.Start(Read, _name);
        Assert.Equal("in", reader.ReadLine());
        using Child writer = Child.Start(Write, _name);
        Assert.Equal("entering", writer.ReadLine());
        WaitChain? chain = null;
        await Eventually.IsTrue(() => (chain = Chains(writer.Id).FirstOrDefault(each => each.Steps[0].Thread?.Wait.Kind == WaitKind.Segment)) is not null);
        Assert.Equal(reader.Id, chain!.Steps[0].Holders.Single().Process.Id);
        Assert.Contains($" waits for the shared rwlock {_name} held by {reader.Id} (", chain.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_awaits_a_mutex_without_a_thread_waits_for_its_owner_too()
    {
        using SharedMutex mutex = SharedMutex.Create(_name);
        using Child owner = Child.Start(Own, _name);
        Assert.Equal("in", owner.ReadLine());
        using CancellationTokenSource enough = new();
        Task<SharedMutexScope> waiting = mutex.EnterAsync(enough.Token).AsTask();
        WaitChain? chain = null;
        await Eventually.IsTrue(() => (chain = Chains(Environment.ProcessId).FirstOrDefault(each => each.Steps[0].Thread is null)) is not null);
        Assert.StartsWith(
            $"{Environment.ProcessId} ({chain!.Steps[0].Process.Name}) awaits the shared mutex {_name} held by {owner.Id} (",
            chain.ToString(),
            StringComparison.Ordinal);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.OrHang());
    }

    [Fact]
    public async Task Two_that_wait_for_each_others_mutexes_are_a_deadlock()
    {
        using SharedMutex one = SharedMutex.Create(_name);
        using SharedMutex two = SharedMutex.Create(Other);
        using Child first = Child.Start(EnterBoth, _name, Other);
        using Child second = Child.Start(EnterBoth, Other, _name);
        Assert.Equal(("in", "in"), (first.ReadLine(), second.ReadLine()));
        first.WriteLine("go");
        second.WriteLine("go");
        WaitChain? chain = null;
        await Eventually.IsTrue(() => (chain = Chains(first.Id).FirstOrDefault(each => each.End == WaitEnd.Deadlock)) is not null);
        Assert.Equal([first.Id, second.Id], chain!.Cycle.Select(step => step.Process.Id));
        Assert.Equal([Other, _name], chain.Cycle.Select(step => step.Object!.Name));
        Assert.EndsWith(": a deadlock of 2 processes.", chain.ToString(), StringComparison.Ordinal);
    }

    private static SegmentNode Look(string path) => Assert.Single(
        Snapshot.Take(new SnapshotOptions { ProcessIds = [Environment.ProcessId] }).Objects.OfType<SegmentNode>(), each => each.Name == path);

    private static IReadOnlyList<WaitChain> Chains(int processId) =>
        Reason.Of(Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All }), processId)!.Chains;

    private static void Own(string[] args)
    {
        using SharedMutex mutex = SharedMutex.Open(args[0]);
        using SharedMutexScope scope = mutex.Enter();
        Console.WriteLine("in");
        Console.ReadLine();
    }

    private static void OwnUnnamed(string[] args)
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed();
        using SharedMutex other = SharedMutex.OpenUnnamed(mutex.Share());
        using SharedMutexScope scope = other.Enter();
        Console.WriteLine("in");
        Console.ReadLine();
    }

    private static void Read(string[] args)
    {
        using SharedReaderWriterLock both = SharedReaderWriterLock.Open(args[0]);
        using SharedReaderWriterScope scope = both.EnterRead();
        Console.WriteLine("in");
        Console.ReadLine();
    }

    private static void Write(string[] args)
    {
        using SharedReaderWriterLock both = SharedReaderWriterLock.Open(args[0]);
        Console.WriteLine("entering");
        using SharedReaderWriterScope scope = both.EnterWrite();
    }

    private static void Enter(string[] args)
    {
        using SharedMutex mutex = SharedMutex.Open(args[0]);
        Console.WriteLine("entering");
        using SharedMutexScope scope = mutex.Enter();
    }

    private static void EnterBoth(string[] args)
    {
        using SharedMutex one = SharedMutex.Open(args[0]);
        using SharedMutex two = SharedMutex.Open(args[1]);
        using SharedMutexScope first = one.Enter();
        Console.WriteLine("in");
        Console.ReadLine();
        using SharedMutexScope second = two.Enter();
    }
}
