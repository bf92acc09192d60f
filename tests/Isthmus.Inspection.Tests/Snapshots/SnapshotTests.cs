using System.Globalization;
using System.Text.Json;
using Isthmus.Inspection;
using Isthmus.Tests.Planted;

namespace Isthmus.Tests.Snapshots;

public sealed class SnapshotTests(Zoo zoo) : IClassFixture<Zoo>
{
    private readonly Zoo _zoo = zoo;

    [Fact]
    public void Every_planted_descriptor_is_what_was_planted()
    {
        Assert.True(_zoo.Animals.Count > 25);
        foreach (JsonElement animal in _zoo.Animals)
        {
            int descriptor = animal.GetProperty("fd").GetInt32();
            Edge edge = _zoo.EdgeOf(descriptor);
            ObjectNode node = _zoo.ObjectAt(descriptor);
            Assert.Equal((descriptor, animal.GetProperty("kind").GetString()), (descriptor, node.Kind.ToWord()));
            Assert.Equal((descriptor, animal.GetProperty("name").GetString()), (descriptor, node.Name));
            Check(animal, "access", (int?)edge.Access);
            Check(animal, "fill", node.Fill);
            Check(animal, "size", node.Size);
            Check(animal, "state", (int?)(node as SocketNode)?.State);
            Check(animal, "form", (int?)(node as SocketNode)?.Form);
            Assert.Equal(animal.TryGetProperty("deleted", out _), node.IsDeleted);
            if (animal.TryGetProperty("maps", out _))
            {
                Edge map = Assert.Single(_zoo.Snapshot.EdgesFrom(_zoo.Process.Node), each => each.Kind == EdgeKind.Maps && each.To == node.Id);
                Assert.Equal(FileAccess.ReadWrite, map.Access);
            }
            if (animal.TryGetProperty("peer", out JsonElement peer))
            {
                NodeId other = _zoo.EdgeOf(peer.GetInt32()).To;
                Assert.Contains(_zoo.Snapshot.EdgesFrom(node.Id), each => each.Kind == EdgeKind.ConnectedTo && each.To == other);
                Assert.Contains(_zoo.Snapshot.EdgesFrom(other), each => each.Kind == EdgeKind.ConnectedTo && each.To == node.Id);
            }
            if (animal.TryGetProperty("watches", out JsonElement watched))
            {
                Assert.Equal(
                    watched.EnumerateArray().Select(each => _zoo.EdgeOf(each.GetInt32()).To).ToHashSet(),
                    _zoo.Snapshot.EdgesFrom(node.Id).Where(each => each.Kind == EdgeKind.Watches).Select(each => each.To).ToHashSet());
            }
        }
    }

    [Fact]
    public void A_listener_tells_how_many_wait_and_how_many_may()
    {
        SocketNode listener = _zoo.Snapshot.Objects.OfType<SocketNode>()
            .Single(each => each.Name == _zoo.Directory + "/stream" && each.State == SocketState.Listening);
        Assert.Equal((1, 7), (listener.Fill, listener.Capacity));
        Assert.Contains(_zoo.Snapshot.EdgesTo(listener.Id), edge => edge.Kind == EdgeKind.ListensOn && edge.From == _zoo.Process.Node);
    }

    [Fact]
    public void System_V_objects_have_their_facts_and_users()
    {
        SystemVNode segment = Assert.IsType<SystemVNode>(_zoo.Snapshot.FindObject(new NodeId(NodeKind.SystemVSharedMemory, 0, (ulong)_zoo.SegmentId)));
        Assert.Equal((4096, 2, _zoo.ProcessId, null), (segment.Size, segment.AttachedCount, segment.CreatorProcessId, segment.Name));
        Assert.Single(_zoo.Snapshot.EdgesTo(segment.Id), edge => edge.Kind == EdgeKind.Maps && edge.From == _zoo.Process.Node);
        SystemVNode queue = Assert.IsType<SystemVNode>(_zoo.Snapshot.FindObject(new NodeId(NodeKind.SystemVMessageQueue, 0, (ulong)_zoo.QueueId)));
        Assert.Equal((1, 3, _zoo.ProcessId, null), (queue.Fill, queue.Bytes, queue.LastProcessId, queue.LastReceiverProcessId));
        SystemVNode set = Assert.IsType<SystemVNode>(_zoo.Snapshot.FindObject(new NodeId(NodeKind.SystemVSemaphoreSet, 0, (ulong)_zoo.SetId)));
        Assert.Equal((3, UnixFileMode.UserRead | UnixFileMode.UserWrite), (set.Size, set.Mode));
    }

    [Fact]
    public void Pipes_and_sockets_belong_to_who_made_them()
    {
        ObjectNode[] nodes = [.. _zoo.Animals.Where(IsOwned).Select(animal => _zoo.ObjectAt(animal.GetProperty("fd").GetInt32()))];
        Assert.True(nodes.Length > 10);
        Assert.All(nodes, node => Assert.Equal((node.Id, _zoo.Process.UserId), (node.Id, node.UserId)));

        static bool IsOwned(JsonElement animal) => animal.GetProperty("kind").GetString() is "pipe" or "fifo" or "unix" or "tcp" or "udp";
    }

    [Fact]
    public void A_connection_that_was_not_taken_yet_is_told_with_its_listener()
    {
        SocketNode[] clients =
        [
            .. _zoo.Animals.Select(animal => _zoo.ObjectAt(animal.GetProperty("fd").GetInt32())).OfType<SocketNode>()
                .Where(socket => socket is { Kind: NodeKind.UnixSocket, Name: null, Form: SocketForm.Stream } && socket.PeerName is not null),
        ];
        // One was taken, so its peer is a socket; one waits.
        Assert.Equal([true, false], clients.Select(client => client.Peer is not null));
        Assert.All(clients, client => Assert.Equal(_zoo.Directory + "/stream", client.PeerName));
    }

    [Fact]
    public void Anonymous_shared_memory_is_an_object_that_is_mapped() => Assert.Contains(
        _zoo.Snapshot.EdgesFrom(_zoo.Process.Node), edge => edge.Kind == EdgeKind.Maps && edge.To.Kind == NodeKind.AnonymousSharedMemory);

    [Theory]
    [InlineData("/file", FileLockFlavour.Flock, FileLockMode.Shared, 0, 0)]
    [InlineData("/a b\n\\c (deleted)", FileLockFlavour.Posix, FileLockMode.Exclusive, 5, 10)]
    [InlineData("/gone", FileLockFlavour.Ofd, FileLockMode.Exclusive, 100, 50)]
    [InlineData("/lease", FileLockFlavour.Lease, FileLockMode.Shared, 0, 0)]
    public void Locks_of_every_flavour_have_their_holder(string file, FileLockFlavour flavour, FileLockMode mode, long start, long length)
    {
        FileLockNode held = Assert.Single(_zoo.Snapshot.Objects.OfType<FileLockNode>(), each => each.Name == _zoo.Directory + file);
        Assert.Equal((flavour, mode, new FileLockRange(start, length)), (held.Flavour, held.LockMode, held.Range));
        // A duplicate of the descriptor holds it, too.
        Edge[] holders = [.. _zoo.Snapshot.EdgesTo(held.Id).Where(edge => edge.Kind == EdgeKind.HoldsLock)];
        Assert.NotEmpty(holders);
        Assert.All(holders, holder => Assert.Equal((_zoo.Process.Node, held.Name), (holder.From, _zoo.ObjectAt(holder.Descriptor!.Value).Name)));
        Assert.Contains(_zoo.Snapshot.EdgesFrom(held.Id), edge => edge.Kind == EdgeKind.LocksFile && edge.To == held.File);
    }

    [Fact]
    public void The_process_is_described()
    {
        ProcessNode process = _zoo.Process;
        Assert.Equal(ProcessIdentity.Of(_zoo.ProcessId).StartTime, process.StartTime);
        Assert.Equal((Environment.ProcessId, _zoo.ProcessId, 1), (process.ParentId, process.GroupId, process.ThreadCount));
        Assert.Equal(_zoo.Directory, process.CommandLine[^1]);
        Assert.StartsWith("python", process.Name, StringComparison.Ordinal);
        Assert.True(process.ResidentBytes is > 1 << 20 && process.VirtualBytes > process.ResidentBytes);
        Assert.Equal(SnapshotParts.None, process.NotPermitted);
        Assert.Contains(_zoo.Snapshot.EdgesTo(process.Node), edge => edge.Kind == EdgeKind.ParentOf && edge.From.Number == (ulong)Environment.ProcessId);
        Assert.False(process.IsDotNet);
        Assert.True(_zoo.Snapshot.FindProcess(Environment.ProcessId)!.IsDotNet);
    }

    [Fact]
    public void Every_edge_ends_at_nodes_of_the_snapshot() => Assert.All(_zoo.Snapshot.Edges, edge =>
    {
        Assert.True(Exists(edge.From), edge.ToString());
        Assert.True(Exists(edge.To), edge.ToString());
    });

    [Fact]
    public void Changes_between_two_are_told()
    {
        Snapshot before = Snapshot.Take();
        Assert.True(before.ChangesSince(before).IsEmpty);
        using Actor actor = Actor.Python("r, w = os.pipe(); say(r); ask()");
        int descriptor = actor.ReadNumber();
        Snapshot after = Snapshot.Take();
        SnapshotChanges changes = after.ChangesSince(before);
        ProcessNode added = Assert.Single(changes.AddedProcesses, each => each.Id == actor.Id);
        NodeId pipe = after.EdgesFrom(added.Node).Single(edge => edge.Descriptor == descriptor).To;
        Assert.Contains(changes.AddedObjects, each => each.Id == pipe);
        Assert.Equal(2, changes.AddedEdges.Count(edge => edge.To == pipe));
        Assert.Contains(before.ChangesSince(after).RemovedObjects, each => each.Id == pipe);
    }

    [Fact]
    public void Chosen_processes_alone_are_read()
    {
        Snapshot some = Snapshot.Take(new SnapshotOptions { ProcessIds = [_zoo.ProcessId, int.MaxValue] });
        Assert.Equal([_zoo.ProcessId], some.Processes.Select(each => each.Id));
    }

    private bool Exists(NodeId node) =>
        node.Kind == NodeKind.Process ? _zoo.Snapshot.FindProcess(node) is not null : _zoo.Snapshot.FindObject(node) is not null;

    private static void Check(JsonElement animal, string property, long? actual)
    {
        if (animal.TryGetProperty(property, out JsonElement expected))
        {
            Assert.True(expected.GetInt64() == actual, string.Create(CultureInfo.InvariantCulture, $"{animal}: {property} is {actual}"));
        }
    }
}
