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
    private readonly List<(ulong Socket, NodeId Listener)> _pending = [];
    private readonly HashSet<ulong> _namespaces = [];
    private byte[] _text = [];

    // By its two names alone, wherever it is; null when there are several.
    private readonly Dictionary<(NodeKind, string?, string?), SocketNode?> _byNames = [];

    public SnapshotGaps ReadTables()
    {
        List<SocketNode> sockets = [];
        bool hasPeers = SockDiag.TryRead(sockets, _pending);
        if (!hasPeers)
        {
            ReadTexts("self"u8, sockets);
        }
        AddAll(sockets, 0);
        return hasPeers ? SnapshotGaps.None : SnapshotGaps.SocketPeers;
    }

    /// <summary>A socket that a process holds, as the tables know it; those of another network namespace are looked up in its own texts.</summary>
    public SocketNode Resolve(NodeId found, int processId)
    {
        ulong inode = found.Number;
        if (!_byInode.TryGetValue(inode, out SocketNode? socket) && IsNewNamespace(processId, out ulong space))
        {
            List<SocketNode> sockets = [];
            ReadTexts(Encoding.UTF8.GetBytes(processId.ToString(CultureInfo.InvariantCulture)), sockets);
            AddAll(sockets, space);
            _byInode.TryGetValue(inode, out socket);
        }
        socket ??= new SocketNode(found, null);
        _graph.Identify(found, socket.Id);
        return socket;
    }

    /// <summary>Tells each socket its peer. To be called when all that processes hold are in the graph.</summary>
    public void Connect()
    {
        foreach ((ulong inode, NodeId listener) in _pending)
        {
            if (_byInode.TryGetValue(inode, out SocketNode? waiting) && _byInode.TryGetValue(listener.Number, out SocketNode? at))
            {
                _byInode[inode] = waiting with { PeerName = at.Name };
            }
        }
        Dictionary<(NodeKind, string?, string?, ulong), NodeId> byNames = [];
        foreach (SocketNode socket in _byInode.Values)
        {
            if (socket is { PeerName: not null, Name: not null })
            {
                byNames.TryAdd((socket.Kind, socket.Name, socket.PeerName, socket.NetworkSpace), socket.Id);
                if (!SocketAddress.IsLoopback(socket.Name) && !_byNames.TryAdd((socket.Kind, socket.Name, socket.PeerName), socket))
                {
                    _byNames[(socket.Kind, socket.Name, socket.PeerName)] = null;
                }
            }
        }
        foreach (SocketNode socket in _byInode.Values)
        {
            NodeId? peer = socket.Peer ?? (socket.PeerName is null ? null
                : byNames.TryGetValue((socket.Kind, socket.PeerName, socket.Name, socket.NetworkSpace), out NodeId found) ? found
                : PeerElsewhere(socket)?.Id);
            string? peerName = socket.PeerName ?? (peer is { } id && _byInode.TryGetValue(id.Number, out SocketNode? other) ? other.Name : null);
            _graph.Replace(peer == socket.Peer && peerName == socket.PeerName ? socket : socket with { Peer = peer, PeerName = peerName });
            if (peer is { } end)
            {
                _graph.Add(new Edge(EdgeKind.ConnectedTo, socket.Id, end));
            }
        }
    }

    // The other end of a bridge between two namespaces. Loopback never leaves its own, and every one has the same addresses there.
    private SocketNode? PeerElsewhere(SocketNode socket) => _namespaces.Count < 2 ? null
        : _byNames.GetValueOrDefault((socket.Kind, socket.PeerName, socket.Name)) is { } other && other.NetworkSpace != socket.NetworkSpace ? other : null;

    private void AddAll(List<SocketNode> sockets, ulong space)
    {
        _byInode.EnsureCapacity(_byInode.Count + sockets.Count);
        foreach (SocketNode socket in sockets)
        {
            _byInode.TryAdd(socket.Id.Number, space == 0 ? socket : socket with { NetworkSpace = space });
        }
    }

    private bool IsNewNamespace(int processId, out ulong space)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/ns/net");
        if (_namespaces.Count == 0)
        {
            _namespaces.Add(FileStatus.TryBehind("/proc/self/ns/net", out LibC.statx own) ? own.stx_ino : 0);
        }
        bool isTold = FileStatus.TryBehind(path, out LibC.statx status);
        space = status.stx_ino;
        return isTold && _namespaces.Add(space);
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
        _text = _text.Length > 0 ? _text : new byte[64 * 1024];
        int length = _proc.ReadAll([.. process, .. file], ref _text);
        text = _text.AsSpan(0, Math.Max(length, 0));
        return length > 0;
    }
}
