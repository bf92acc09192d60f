using Isthmus.Inspection;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Tests.Snapshots;

public sealed class SnapshotChannelsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Both_ends_of_a_connection_are_one_channel()
    {
        using Actor actor = Actor.Python("""
            a, b = socket.socketpair(); say(os.fstat(a.fileno()).st_ino, os.fstat(b.fileno()).st_ino); hold()
            """);
        long[] numbers = [.. actor.ReadLine().Split(' ').Select(long.Parse)];
        (NodeId one, NodeId other) = (Socket(numbers[0]), Socket(numbers[1]));
        SnapshotChannels channels = new(Snapshot.Take());
        Assert.Equal((other, one), (channels.PeerOf(one), channels.PeerOf(other)));
        Assert.Equal(Socket(numbers.Min()), channels.ChannelOf(one));
        Assert.Equal(Socket(numbers.Min()), channels.ChannelOf(other));
    }

    [Fact]
    public void Those_that_are_connected_to_one_belong_to_it()
    {
        using Actor actor = Actor.Python("""
            sockets = [socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(3)]
            sockets[0].bind(sys.argv[1]); [each.connect(sys.argv[1]) for each in sockets[1:]]
            say(*[os.fstat(each.fileno()).st_ino for each in sockets]); hold()
            """, _directory["x"]);
        NodeId[] sockets = [.. actor.ReadLine().Split(' ').Select(long.Parse).Select(Socket)];
        SnapshotChannels channels = new(Snapshot.Take());
        Assert.Null(channels.PeerOf(sockets[0]));
        Assert.All(sockets, each => Assert.Equal(sockets[0], channels.ChannelOf(each)));
    }

    [Fact]
    public void An_object_without_another_end_is_its_own_channel()
    {
        using Actor actor = Actor.Python("r, w = os.pipe(); say(os.fstat(r).st_ino); hold()");
        NodeId pipe = new(NodeKind.Pipe, 0, (ulong)actor.ReadNumber());
        Snapshot snapshot = Snapshot.Take();
        SnapshotChannels channels = new(snapshot);
        Assert.NotNull(snapshot.FindObject(pipe));
        Assert.Equal((pipe, null), (channels.ChannelOf(pipe), channels.PeerOf(pipe)));
    }

    [Theory]
    [InlineData(EdgeKind.HoldsOpen, NodeKind.Pipe, FileAccess.Read, true)]
    [InlineData(EdgeKind.HoldsLock, NodeKind.FileLock, null, true)]
    [InlineData(EdgeKind.WaitsFor, NodeKind.Segment, null, true)]
    [InlineData(EdgeKind.Maps, NodeKind.File, FileAccess.ReadWrite, true)]
    [InlineData(EdgeKind.Maps, NodeKind.File, FileAccess.Read, false)]
    [InlineData(EdgeKind.Maps, NodeKind.File, null, false)]
    [InlineData(EdgeKind.HoldsOpen, NodeKind.File, FileAccess.Write, false)]
    [InlineData(EdgeKind.WaitsFor, NodeKind.Process, null, false)]
    [InlineData(EdgeKind.ConnectedTo, NodeKind.UnixSocket, null, false)]
    [InlineData(EdgeKind.Watches, NodeKind.Pipe, null, false)]
    public void A_use_is_what_a_process_talks_or_excludes_others_by(EdgeKind kind, NodeKind target, FileAccess? access, bool isUse) =>
        Assert.Equal(isUse, SnapshotChannels.IsUse(new Edge(kind, new NodeId(NodeKind.Process, 1, 1), new NodeId(target, 0, 1)) { Access = access }));

    private static NodeId Socket(long inode) => new(NodeKind.UnixSocket, 0, (ulong)inode);
}
