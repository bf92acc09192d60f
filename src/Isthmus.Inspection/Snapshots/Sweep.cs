using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// Takes a snapshot: reads the processes, then the kernel's tables of what belongs to no process, then joins both. The tables come last, so that
/// what a process was seen to hold is in them, unless it was closed meanwhile.
/// </summary>
internal sealed class Sweep(SnapshotOptions options, Snapshot? earlier)
{
    private readonly SnapshotOptions _options = options;
    private readonly Snapshot? _earlier = earlier;
    private GraphBuilder _graph = new(0);
    private SnapshotGaps _gaps;

    private bool ReadsDescriptors => (_options.Parts & SnapshotParts.Descriptors) != 0;

    private bool ReadsMappings => (_options.Parts & SnapshotParts.Mappings) != 0;

    public Snapshot Run(Func<TimeSpan> elapsed)
    {
        _ = ProcFs.Of(LibC.getpid()); // Refuses a /proc whose numbers are not ours.
        using DirectoryReader proc = DirectoryReader.TryOpen("/proc", out Errno errno) ?? throw PosixException.From(errno, "open", "/proc");
        SweepMemory found = new ProcessSweep(proc, _options, _earlier?.Memory).Run();
        // Mostly two processes have the same one; and each is a node itself.
        _graph = new GraphBuilder(Room(_earlier?.ObjectCount ?? (found.Processes.Values.Sum(each => each.Descriptors.Count) / 2) + found.Processes.Count));
        _graph.Processes.EnsureCapacity(found.Processes.Count);
        foreach ((int id, ProcessFindings process) in found.Processes)
        {
            _graph.Processes[id] = process;
        }
        AddParents();
        if (ReadsDescriptors || ReadsMappings)
        {
            AddTables(proc, found.Locks);
        }
        return new Snapshot(_options, _graph, found, _gaps, elapsed());
    }

    // A little more than the last time.
    private static int Room(int count) => count + (count / 16);

    private void AddParents()
    {
        foreach (ProcessFindings child in _graph.Processes.Values)
        {
            if (_graph.ProcessNode(child.Process.ParentId) is { } parent)
            {
                _graph.Add(new Edge(EdgeKind.ParentOf, parent, child.Process.Node));
            }
        }
    }

    private void AddTables(DirectoryReader proc, LockTable lockTable)
    {
        SocketResolver sockets = new(_graph, proc);
        ObjectLister lister = new(_graph, proc);
        SegmentResolver segments = new(_graph);
        // The tables of sockets are long, and have nothing to do with the rest.
        Task<SnapshotGaps> tables = Task.Run(() => ReadsDescriptors ? sockets.ReadTables() : SnapshotGaps.None);
        try
        {
            _gaps |= lister.AddNamed();
            segments.Find();
            SemaphoreResolver.Find(_graph);
            EpollResolver.Find(_graph);
        }
        finally
        {
            _gaps |= tables.GetAwaiter().GetResult();
        }
        foreach (ProcessFindings findings in _graph.Processes.Values)
        {
            AddHeld(findings, sockets);
            AddMapped(findings);
        }
        segments.Connect();
        if (ReadsDescriptors)
        {
            sockets.Connect();
            ConnectTerminals();
        }
        lister.CompleteFiles();
        if ((_options.Parts & SnapshotParts.PipeFill) != 0)
        {
            PipeContents.Add(_graph);
        }
        LockResolver locks = new(_graph);
        _gaps |= locks.Run(lockTable);
        WatchResolver.Run(_graph);
        if ((_options.Parts & SnapshotParts.Threads) != 0)
        {
            new WaitResolver(_graph, locks).Run();
        }
        segments.AddWaiters();
        RuntimeNoise.Mark(_graph);
    }

    private void ConnectTerminals()
    {
        foreach (ObjectNode master in _graph.Objects.Where(each => each.Id is { Kind: NodeKind.PseudoTerminal, Detail: not null }).ToArray())
        {
            NodeId slave = master.Id with { Detail = null };
            if (_graph.Find(slave) is not null)
            {
                _graph.Add(new Edge(EdgeKind.ConnectedTo, master.Id, slave));
                _graph.Add(new Edge(EdgeKind.ConnectedTo, slave, master.Id));
            }
        }
    }

    private void AddHeld(ProcessFindings findings, SocketResolver sockets)
    {
        NodeId process = findings.Process.Node;
        foreach (DescriptorFinding held in findings.Descriptors)
        {
            ObjectNode node = held.Node ?? sockets.Resolve(held.Target, findings.Process.Id);
            NodeId target = held.Node is null ? node.Id : _graph.NodeOf(held.Target);
            if (target == node.Id)
            {
                _graph.Add(node);
            }
            bool listens = node is SocketNode { State: SocketState.Listening };
            _graph.Add(new Edge(listens ? EdgeKind.ListensOn : EdgeKind.HoldsOpen, process, target)
            {
                Descriptor = held.Descriptor,
                Access = held.Access,
            });
        }
    }

    private void AddMapped(ProcessFindings findings)
    {
        if (findings.Mappings.Count == 0)
        {
            return; // Most have none.
        }
        HashSet<NodeId> mapped = [];
        foreach (MappingFinding map in findings.Mappings)
        {
            NodeId target = _graph.NodeOf(map.Target);
            // What never had a name is printed as deleted, too.
            bool hadName = target.Kind is not (NodeKind.MemFd or NodeKind.SystemVSharedMemory or NodeKind.AnonymousSharedMemory);
            _graph.Add(new ObjectNode(target, map.Name) { IsDeleted = map.IsDeleted && hadName });
            if (mapped.Add(target))
            {
                _graph.Add(new Edge(EdgeKind.Maps, findings.Process.Node, target) { Access = AccessOf(findings.Mappings, map.Target) });
            }
        }
    }

    private static FileAccess? AccessOf(List<MappingFinding> mappings, NodeId target)
    {
        FileAccess access = 0;
        foreach (MappingFinding map in mappings)
        {
            access |= map.Target == target ? map.Access ?? 0 : 0;
        }
        return access == 0 ? null : access;
    }
}
