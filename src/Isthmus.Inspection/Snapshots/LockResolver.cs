namespace Isthmus.Inspection;

/// <summary>
/// Joins locks with their holders. A holder is who has the descriptor, as its fdinfo tells; <c>/proc/locks</c> names who once acquired, and is
/// used for what fdinfo cannot tell: locks of processes that may not be looked at, locks that only a mapping keeps, and who waits.
/// </summary>
internal sealed class LockResolver(GraphBuilder graph)
{
    private static readonly NodeKind[] s_lockable =
        [NodeKind.File, NodeKind.Segment, NodeKind.PosixSharedMemory, NodeKind.Directory, NodeKind.Fifo, NodeKind.MemFd];

    private readonly GraphBuilder _graph = graph;
    private readonly HashSet<(NodeId Lock, int Acquirer)> _seen = [];
    private readonly Dictionary<(ulong Device, ulong Inode), List<FileLockNode>> _byFile = [];
    private readonly List<(int ProcessId, LockLine Request, FileLockNode Blocker)> _waiters = [];

    /// <summary>Who waits for a lock, as far as the table names the process.</summary>
    public IReadOnlyList<(int ProcessId, LockLine Request, FileLockNode Blocker)> Waiters => _waiters;

    public SnapshotGaps Run(LockTable table)
    {
        foreach (ProcessFindings findings in _graph.Processes.Values)
        {
            foreach ((int descriptor, LockLine held) in findings.Locks)
            {
                FileLockNode node = AddLock(held, _graph.TargetOf(findings, descriptor));
                _seen.Add((node.Id, held.ProcessId));
                _graph.Add(new Edge(EdgeKind.HoldsLock, findings.Process.Node, node.Id) { Descriptor = descriptor });
            }
        }
        AddTable(table);
        return table.IsKnown ? SnapshotGaps.None : SnapshotGaps.Locks;
    }

    /// <summary>The locks on a file.</summary>
    public IReadOnlyList<FileLockNode> On(NodeId file) => _byFile.TryGetValue((file.Space, file.Number), out List<FileLockNode>? locks) ? locks : [];

    private void AddTable(LockTable table)
    {
        List<(FileLockNode, LockLine)> hidden = [];
        FileLockNode? blocker = null;
        foreach (LockLine found in table.Lines)
        {
            if (!found.IsWaiting)
            {
                blocker = AddLock(found, null);
                if (_seen.Add((blocker.Id, found.ProcessId)))
                {
                    hidden.Add((blocker, found));
                }
            }
            else if (blocker is not null)
            {
                _waiters.Add((found.ProcessId, found, blocker));
            }
        }
        foreach (Edge edge in hidden.SelectMany(each => HoldersOf(each.Item1, each.Item2)).ToArray())
        {
            _graph.Add(edge);
        }
    }

    // Only a POSIX lock is the process's that has acquired it. One of the other flavours that no visible descriptor has may live on in a
    // mapping of its file, which keeps the open file description.
    private IEnumerable<Edge> HoldersOf(FileLockNode node, LockLine line)
    {
        if (line.Flavour != FileLockFlavour.Posix)
        {
            return from holder in _graph.EdgesTo(node.File).Where(edge => edge.Kind == EdgeKind.Maps).Select(edge => edge.From).Distinct()
                   select new Edge(EdgeKind.HoldsLock, holder, node.Id);
        }
        return _graph.ProcessNode(line.ProcessId) is { } acquirer ? [new Edge(EdgeKind.HoldsLock, acquirer, node.Id)] : [];
    }

    private FileLockNode AddLock(LockLine line, NodeId? file)
    {
        if (_graph.Find(FileLockNode.IdOf(line)) is FileLockNode known)
        {
            return known;
        }
        NodeId target = file ?? FileOf(line);
        _graph.Add(new ObjectNode(target, null));
        FileLockNode node = FileLockNode.Of(line, target, _graph.Find(target)!.Name);
        _graph.Add(node);
        _graph.Add(new Edge(EdgeKind.LocksFile, node.Id, target));
        if (!_byFile.TryGetValue((line.Device, line.Inode), out List<FileLockNode>? locks))
        {
            _byFile[(line.Device, line.Inode)] = locks = [];
        }
        locks.Add(node);
        return node;
    }

    private NodeId FileOf(LockLine line)
    {
        foreach (NodeKind kind in s_lockable)
        {
            NodeId id = new(kind, line.Device, line.Inode);
            if (_graph.Find(id) is not null)
            {
                return id;
            }
        }
        return new NodeId(NodeKind.File, line.Device, line.Inode);
    }
}
