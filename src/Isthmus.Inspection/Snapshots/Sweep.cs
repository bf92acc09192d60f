using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// Takes a snapshot: reads the processes (each of its files once, by as many threads as pay), then the kernel's tables of what belongs to no
/// process, then joins both. The tables come last, so that what a process was seen to hold is in them, unless it was closed meanwhile.
/// </summary>
internal sealed class Sweep(SnapshotOptions options)
{
    private const int ProcessesPerWorker = 32;

    private readonly SnapshotOptions _options = options;
    private readonly GraphBuilder _graph = new();
    private SnapshotGaps _gaps;

    private bool ReadsDescriptors => (_options.Parts & SnapshotParts.Descriptors) != 0;

    private bool ReadsMappings => (_options.Parts & SnapshotParts.Mappings) != 0;

    public Snapshot Run(Func<TimeSpan> elapsed)
    {
        _ = ProcFs.Of(LibC.getpid()); // Refuses a /proc whose numbers are not ours.
        using DirectoryReader proc = DirectoryReader.TryOpen("/proc", out Errno errno) ?? throw PosixException.From(errno, "open", "/proc");
        foreach (ProcessFindings findings in ReadProcesses(proc))
        {
            _graph.Processes[findings.Process.Id] = findings;
        }
        AddParents();
        if (ReadsDescriptors || ReadsMappings)
        {
            AddTables(proc);
        }
        return new Snapshot(
            _options,
            [.. _graph.Processes.Values.Select(each => each.Process).OrderBy(each => each.Id)],
            [.. _graph.Objects.OrderBy(each => each.Kind).ThenBy(each => each.Id.Space).ThenBy(each => each.Id.Number)],
            [.. _graph.Edges],
            _gaps,
            elapsed());
    }

    private ProcessFindings[] ReadProcesses(DirectoryReader proc)
    {
        int[] ids = _options.ProcessIds is { } chosen ? [.. chosen.Distinct()] : [.. ProcessIds(proc)];
        byte[] text = new byte[16 * 1024];
        int length = proc.ReadAll("self/mountinfo\0"u8, ref text);
        MountTable mounts = MountTable.Parse(text.AsSpan(0, Math.Max(length, 0)));
        ProcessFindings?[] found = new ProcessFindings?[ids.Length];
        int next = 0;
        int workers = Math.Clamp(ids.Length / ProcessesPerWorker, 1, Environment.ProcessorCount);
        Parallel.For(0, workers, _ => ReadSome(
            new ProcessReader(proc, mounts, _options.Parts), ids, found, () => Interlocked.Add(ref next, ProcessesPerWorker) - ProcessesPerWorker));
        return [.. found.OfType<ProcessFindings>()];
    }

    // Takes piece after piece until none is left.
    private static void ReadSome(ProcessReader reader, int[] ids, ProcessFindings?[] found, Func<int> takePiece)
    {
        for (int start = takePiece(); start < ids.Length; start = takePiece())
        {
            for (int index = start; index < Math.Min(start + ProcessesPerWorker, ids.Length); index++)
            {
                found[index] = reader.Read(ids[index]);
            }
        }
    }

    private static List<int> ProcessIds(DirectoryReader proc)
    {
        List<int> ids = [];
        DirectoryNumbers numbers = new(proc, new byte[32 * 1024]);
        while (numbers.MoveNext())
        {
            ids.Add(numbers.Current);
        }
        return ids;
    }

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

    private void AddTables(DirectoryReader proc)
    {
        SocketResolver sockets = new(_graph, proc);
        if (ReadsDescriptors)
        {
            _gaps |= sockets.ReadTables();
        }
        ObjectLister lister = new(_graph, proc);
        _gaps |= lister.AddNamed();
        SegmentResolver segments = new(_graph);
        segments.Find();
        SemaphoreResolver semaphores = new(_graph);
        foreach (ProcessFindings findings in _graph.Processes.Values)
        {
            segments.Rename(findings);
            semaphores.Rename(findings);
            AddHeld(findings, sockets);
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
        _gaps |= locks.Run(proc, ReadsDescriptors);
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
        for (int index = 0; index < findings.Descriptors.Count; index++)
        {
            DescriptorFinding held = findings.Descriptors[index];
            if (held.Node is null)
            {
                held = held with { Node = sockets.Resolve(held.Target.Number, findings.Process.Id) };
                held = held with { Target = held.Node.Id };
                findings.Descriptors[index] = held;
            }
            _graph.Add(held.Node!);
            bool listens = held.Node is SocketNode { State: SocketState.Listening };
            _graph.Add(new Edge(listens ? EdgeKind.ListensOn : EdgeKind.HoldsOpen, process, held.Target)
            {
                Descriptor = held.Descriptor,
                Access = held.Access,
            });
        }
        SystemVNamespaces.Separate(findings);
        HashSet<NodeId> mapped = [];
        foreach (MappingFinding map in findings.Mappings)
        {
            // What never had a name is printed as deleted, too.
            bool hadName = map.Target.Kind is not (NodeKind.MemFd or NodeKind.SystemVSharedMemory or NodeKind.AnonymousSharedMemory);
            _graph.Add(new ObjectNode(map.Target, map.Name) { IsDeleted = map.IsDeleted && hadName });
            if (mapped.Add(map.Target))
            {
                _graph.Add(new Edge(EdgeKind.Maps, process, map.Target) { Access = AccessOf(findings.Mappings, map.Target) });
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
