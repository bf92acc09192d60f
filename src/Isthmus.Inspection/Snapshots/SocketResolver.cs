using System.Globalization;
using System.Text;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>Joins the sockets that processes hold with the kernel's tables, and each socket with its peer.</summary>
internal sealed class SocketResolver(GraphBuilder graph, DirectoryReader proc)
{
    private readonly GraphBuilder _graph = graph;
    private readonly DirectoryReader _proc = proc;
    private readonly Dictionary<ulong, SocketNode> _byInode = [];
    private readonly HashSet<ulong> _namespaces = [];
    private byte[] _text = new byte[64 * 1024];

    public SnapshotGaps ReadTables()
    {
        List<SocketNode> sockets = [];
        bool hasPeers = SockDiag.TryRead(sockets);
        if (!hasPeers)
        {
            ReadTexts("self"u8, sockets);
        }
        AddAll(sockets);
        return hasPeers ? SnapshotGaps.None : SnapshotGaps.SocketPeers;
    }

    /// <summary>A socket that a process holds, as the tables know it; those of another network namespace are looked up in its own texts.</summary>
    public SocketNode Resolve(NodeId found, int processId)
    {
        ulong inode = found.Number;
        if (!_byInode.TryGetValue(inode, out SocketNode? socket) && IsNewNamespace(processId))
        {
            List<SocketNode> sockets = [];
            ReadTexts(Encoding.UTF8.GetBytes(processId.ToString(CultureInfo.InvariantCulture)), sockets);
            AddAll(sockets);
            _byInode.TryGetValue(inode, out socket);
        }
        socket ??= new SocketNode(found, null);
        _graph.Identify(found, socket.Id);
        return socket;
    }

    /// <summary>Tells each socket its peer. To be called when all that processes hold are in the graph.</summary>
    public void Connect()
    {
        Dictionary<(NodeKind, string?, string?), NodeId> byNames = [];
        foreach (SocketNode socket in _byInode.Values)
        {
            if (socket is { PeerName: not null, Name: not null })
            {
                byNames.TryAdd((socket.Kind, socket.Name, socket.PeerName), socket.Id);
            }
        }
        foreach (SocketNode socket in _byInode.Values)
        {
            NodeId? peer = socket.Peer;
            if (peer is null && socket.PeerName is not null && byNames.TryGetValue((socket.Kind, socket.PeerName, socket.Name), out NodeId found))
            {
                peer = found;
            }
            string? peerName = socket.PeerName ?? (peer is { } id && _byInode.TryGetValue(id.Number, out SocketNode? other) ? other.Name : null);
            _graph.Replace(socket with { Peer = peer, PeerName = peerName });
            if (peer is { } end)
            {
                _graph.Add(new Edge(EdgeKind.ConnectedTo, socket.Id, end));
            }
        }
    }

    private void AddAll(List<SocketNode> sockets)
    {
        foreach (SocketNode socket in sockets)
        {
            _byInode.TryAdd(socket.Id.Number, socket);
        }
    }

    private bool IsNewNamespace(int processId)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/ns/net");
        if (_namespaces.Count == 0)
        {
            _namespaces.Add(FileStatus.TryBehind("/proc/self/ns/net", out LibC.statx own) ? own.stx_ino : 0);
        }
        return FileStatus.TryBehind(path, out LibC.statx status) && _namespaces.Add(status.stx_ino);
    }

    private void ReadTexts(ReadOnlySpan<byte> process, List<SocketNode> sockets)
    {
        if (TryReadText(process, "/net/unix\0"u8, out ReadOnlySpan<byte> text))
        {
            ProcNet.ParseUnix(text, sockets);
        }
        if (TryReadText(process, "/net/tcp\0"u8, out text))
        {
            ProcNet.ParseInet(text, NodeKind.TcpSocket, sockets);
        }
        if (TryReadText(process, "/net/tcp6\0"u8, out text))
        {
            ProcNet.ParseInet(text, NodeKind.TcpSocket, sockets);
        }
        if (TryReadText(process, "/net/udp\0"u8, out text))
        {
            ProcNet.ParseInet(text, NodeKind.UdpSocket, sockets);
        }
        if (TryReadText(process, "/net/udp6\0"u8, out text))
        {
            ProcNet.ParseInet(text, NodeKind.UdpSocket, sockets);
        }
    }

    private bool TryReadText(ReadOnlySpan<byte> process, ReadOnlySpan<byte> file, out ReadOnlySpan<byte> text)
    {
        int length = _proc.ReadAll([.. process, .. file], ref _text);
        text = _text.AsSpan(0, Math.Max(length, 0));
        return length > 0;
    }
}
