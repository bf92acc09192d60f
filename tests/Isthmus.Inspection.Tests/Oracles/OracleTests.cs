using System.Globalization;
using System.Text.Json;
using Isthmus.Inspection;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Tests.Oracles;

/// <summary>What the snapshot says of the zoo, util-linux and iproute2 say too, where they can see it.</summary>
public sealed class OracleTests(Zoo zoo) : IClassFixture<Zoo>
{
    private readonly Zoo _zoo = zoo;

    [Fact]
    public void Descriptors_are_those_of_lsfd()
    {
        List<string> theirs = [];
        foreach (JsonElement row in Rows("lsfd", "lsfd", "--json", "--pid", Number(_zoo.ProcessId), "-o", "FD,TYPE,INODE,MODE,DELETED"))
        {
            if (row.GetProperty("fd").ValueKind == JsonValueKind.Number)
            {
                theirs.Add($"{row.GetProperty("fd")} {TypeOf(row.GetProperty("type").GetString()!)} {row.GetProperty("mode").GetString()![..2]}");
            }
        }
        Assert.True(theirs.Count > 40);
        Assert.Equal(theirs.Order(), Held().Select(edge => $"{edge.Descriptor} {TypeOf(edge)} {AccessOf(edge)}").Order());
    }

    [Fact]
    public void Inodes_are_those_of_lsfd()
    {
        Dictionary<int, ulong> theirs = Rows("lsfd", "lsfd", "--json", "--pid", Number(_zoo.ProcessId), "-o", "FD,INODE").ToList()
            .Where(row => row.GetProperty("fd").ValueKind == JsonValueKind.Number)
            .ToDictionary(row => row.GetProperty("fd").GetInt32(), row => row.GetProperty("inode").GetUInt64());
        NodeKind[] withInode =
        [
            NodeKind.Pipe, NodeKind.Fifo, NodeKind.UnixSocket, NodeKind.TcpSocket, NodeKind.UdpSocket, NodeKind.OtherSocket, NodeKind.File,
            NodeKind.Directory, NodeKind.Device, NodeKind.PosixSharedMemory, NodeKind.MemFd, NodeKind.PosixMessageQueue,
        ];
        Edge[] ours = [.. Held().Where(edge => withInode.Contains(edge.To.Kind))];
        Assert.True(ours.Length > 30);
        Assert.All(ours, edge => Assert.Equal((edge.Descriptor, theirs[edge.Descriptor!.Value]), (edge.Descriptor, edge.To.Number)));
    }

    [Fact]
    public async Task Locks_are_those_of_lslocks()
    {
        FileLockNode[] ours =
        [
            .. _zoo.Snapshot.Objects.OfType<FileLockNode>().Where(each => each.Name?.StartsWith(_zoo.Directory, StringComparison.Ordinal) == true),
        ];
        Assert.Equal(4, ours.Length);
        HashSet<string> theirs = [];
        // It reads the kernel's table in pieces, and misses a line where another lock goes meanwhile.
        await Eventually.IsTrue(() =>
        {
            theirs.UnionWith(
                from row in Rows("lslocks", "locks", "--json", "--bytes", "--noheadings", "-o", "PID,TYPE,MODE,START,END,INODE")
                where Text(row, "pid") == Number(_zoo.ProcessId) || Text(row, "pid") == "-1"
                select $"{Text(row, "type")} {Text(row, "mode")} {Text(row, "start")} {Text(row, "end")} {Text(row, "inode")}");
            return ours.All(held => theirs.Contains(LineOf(held)));
        });
    }

    [Theory]
    [InlineData("--queues", NodeKind.SystemVMessageQueue)]
    [InlineData("--shmems", NodeKind.SystemVSharedMemory)]
    [InlineData("--semaphores", NodeKind.SystemVSemaphoreSet)]
    public void System_V_objects_are_those_of_lsipc(string option, NodeKind kind)
    {
        (string output, int exitCode) = Peer.Run("lsipc", [option, "--json", "--bytes", "--numeric-perms"]);
        Assert.Equal(0, exitCode);
        JsonElement[] rows = [.. JsonDocument.Parse(output).RootElement.EnumerateObject().Single().Value.EnumerateArray()];
        int id = kind switch
        {
            NodeKind.SystemVMessageQueue => _zoo.QueueId,
            NodeKind.SystemVSharedMemory => _zoo.SegmentId,
            _ => _zoo.SetId,
        };
        JsonElement theirs = rows.Single(row => Text(row, "id") == Number(id));
        SystemVNode ours = Assert.IsType<SystemVNode>(_zoo.Snapshot.FindObject(new NodeId(kind, 0, (ulong)id)));
        // lsipc leaves it out of queues.
        Assert.Equal(kind == NodeKind.SystemVMessageQueue ? "0600" : Text(theirs, "perms"), Convert.ToString((int)ours.Mode!, 8).PadLeft(4, '0'));
        switch (kind)
        {
            case NodeKind.SystemVMessageQueue:
                Assert.Equal((Text(theirs, "usedbytes"), Text(theirs, "msgs")), (Number(ours.Bytes!.Value), Number(ours.Fill!.Value)));
                break;
            case NodeKind.SystemVSharedMemory:
                Assert.Equal((Text(theirs, "size"), Text(theirs, "nattch")), (Number(ours.Size!.Value), Number(ours.AttachedCount!.Value)));
                break;
            default:
                Assert.Equal(Text(theirs, "nsems"), Number(ours.Size!.Value));
                break;
        }
    }

    [Fact]
    public void Sockets_are_those_of_ss()
    {
        (string output, int exitCode) = Peer.Run("ss", ["--all", "--processes", "--numeric", "--no-header", "--unix", "--tcp", "--udp"]);
        Assert.Equal(0, exitCode);
        // Netid State Recv-Q Send-Q Local Port Peer Port Process; Unix sockets have their inode as port.
        SocketNode[] sockets = [.. Held().Select(edge => _zoo.Snapshot.FindObject(edge.To)).OfType<SocketNode>().Where(each => each.IsKnown)];
        Assert.True(sockets.Length > 15);
        foreach (SocketNode socket in sockets)
        {
            string holder = $"pid={_zoo.ProcessId},fd={Held().First(edge => edge.To == socket.Id).Descriptor})";
            string row = output.Split('\n').Single(line => line.Contains(holder, StringComparison.Ordinal));
            string[] words = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(StateOf(socket), words[1]);
            Assert.Equal(Number(socket.Fill!.Value), words[2]);
            if (socket.Kind == NodeKind.UnixSocket)
            {
                Assert.Equal((socket.Name ?? "*", socket.Id.Text, socket.Peer?.Text ?? "0"), (words[4], words[5], words[7]));
            }
            else if (!words[4].StartsWith('*') && !words[4].Contains("ffff", StringComparison.Ordinal))
            {
                Assert.Equal((socket.Name, socket.PeerName ?? "0.0.0.0:*"), (words[4], words[5]));
            }
        }
    }

    // As lslocks tells it.
    private static string LineOf(FileLockNode held)
    {
        string type = held.Flavour switch { FileLockFlavour.Ofd => "OFDLCK", var other => other.ToString().ToUpperInvariant() };
        string mode = held.LockMode == FileLockMode.Shared ? "READ" : "WRITE";
        // EOF is printed as 0.
        long end = held.Range.Length == 0 ? 0 : held.Range.Start + held.Range.Length - 1;
        return string.Create(CultureInfo.InvariantCulture, $"{type} {mode} {held.Range.Start} {end} {held.File.Number}");
    }

    private static string StateOf(SocketNode socket) => socket.State switch
    {
        SocketState.Established => "ESTAB",
        SocketState.Listening => "LISTEN",
        _ => "UNCONN",
    };

    private IEnumerable<Edge> Held() =>
        _zoo.Snapshot.EdgesFrom(_zoo.Process.Node).Where(edge => edge.Kind is EdgeKind.HoldsOpen or EdgeKind.ListensOn);

    // lsfd's words for types, reduced to what both tell apart.
    private static string TypeOf(string word) => word switch
    {
        "STREAM" or "DGRAM" or "SEQPACKET" or "UNIX-STREAM" or "UNIX-DGRAM" or "UNIX" or "TCP" or "TCPv6" or "UDP" or "NETLINK" or "RAW" => "SOCK",
        "eventfd" or "eventpoll" or "timerfd" or "signalfd" or "inotify" or "pidfd" => "UNKN",
        _ => word,
    };

    private static string TypeOf(Edge edge) => edge.To.Kind switch
    {
        NodeKind.Pipe or NodeKind.Fifo => "FIFO",
        NodeKind.Directory => "DIR",
        NodeKind.Device or NodeKind.PseudoTerminal => "CHR",
        NodeKind.File or NodeKind.PosixSharedMemory or NodeKind.MemFd or NodeKind.PosixMessageQueue => "REG",
        var kind when kind.IsSocket() => "SOCK",
        _ => "UNKN",
    };

    private static string AccessOf(Edge edge) => edge.Access switch
    {
        FileAccess.Read => "r-",
        FileAccess.Write => "-w",
        _ => "rw",
    };

    private static JsonElement[] Rows(string program, string property, params string[] args)
    {
        (string output, int exitCode) = Peer.Run(program, args);
        Assert.True(exitCode == 0, output);
        return [.. JsonDocument.Parse(output).RootElement.GetProperty(property).EnumerateArray()];
    }

    private static string Text(JsonElement row, string property) => row.GetProperty(property).ToString();

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
