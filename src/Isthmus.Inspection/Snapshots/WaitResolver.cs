using System.Globalization;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>Turns the numbers and addresses of waits into nodes of the graph.</summary>
internal sealed class WaitResolver(GraphBuilder graph, LockResolver locks)
{
    private readonly GraphBuilder _graph = graph;
    private readonly LockResolver _locks = locks;
    private readonly Dictionary<int, NodeId> _processOfThread = [];

    public void Run()
    {
        foreach (ProcessFindings findings in _graph.Processes.Values)
        {
            foreach ((ThreadNode thread, _) in findings.Waits)
            {
                _processOfThread[thread.Id] = findings.Process.Node;
            }
        }
        foreach (ProcessFindings findings in _graph.Processes.Values)
        {
            List<ThreadNode> threads = [.. findings.Waits.Select(each => each.Thread with
            {
                Wait = Resolve(each.Site, findings),
                IsRuntime = findings.Process.IsDotNet && RuntimeNoise.IsThread(each.Thread.Name),
            })];
            AddFromLockTable(findings, threads);
            _graph.Threads[findings.Process.Id] = threads;
        }
        // When all is resolved: the graph is looked at meanwhile.
        foreach (ProcessFindings findings in _graph.Processes.Values)
        {
            AddEdges(findings.Process.Node, _graph.Threads[findings.Process.Id]);
        }
    }

    private void AddEdges(NodeId process, IReadOnlyList<ThreadNode> threads)
    {
        foreach (ThreadNode thread in threads)
        {
            foreach (WaitTarget target in thread.Wait.Targets)
            {
                _graph.Add(new Edge(EdgeKind.WaitsFor, process, target.Node)
                {
                    Descriptor = target.Descriptor,
                    Access = target.Access == 0 ? null : target.Access,
                    ThreadId = thread.Id,
                });
            }
        }
    }

    private ThreadWait Resolve(WaitSite site, ProcessFindings findings)
    {
        ThreadWait wait = new()
        {
            Kind = site.Kind,
            Call = site.Call,
            Channel = site.Channel,
            HasTimeout = site.HasTimeout,
            LockMode = site.LockMode,
            LockRange = site.LockRange,
            Name = site.Name,
        };
        bool isFutex = site.Kind is WaitKind.Futex or WaitKind.Mutex or WaitKind.ThreadEnd;
        if (isFutex && Memory(site, findings) is [{ Node.Kind: NodeKind.Segment }] segment)
        {
            // Not a word of glibc's, whatever it looks like.
            return wait with { Kind = WaitKind.Segment, Targets = segment };
        }
        return site.Kind switch
        {
            WaitKind.FileLock => wait with { Targets = Locks(site, findings) },
            WaitKind.OpenFifo => OfOpen(wait, findings.Process.Id),
            WaitKind.Connect => wait with { Targets = Listeners(site.Name) is [_, ..] listeners ? listeners : Held(site, findings, out _) },
            WaitKind.Futex => wait with { Targets = Memory(site, findings) },
            WaitKind.Mutex or WaitKind.ThreadEnd => OfOwner(wait, site, findings),
            WaitKind.Child => wait with { Targets = Children(site, findings) },
            WaitKind.Receive or WaitKind.Send or WaitKind.Semaphore when site.SystemVId is { } id => wait with { Targets = SystemV(site.Kind, id) },
            _ => OfDescriptors(wait, site, findings),
        };
    }

    private ThreadWait OfDescriptors(ThreadWait wait, WaitSite site, ProcessFindings findings) => wait with
    {
        Targets = Held(site, findings, out bool isIncomplete),
        IsIncomplete = isIncomplete,
    };

    // What an epoll set watches stands for the set.
    private List<WaitTarget> Held(WaitSite site, ProcessFindings findings, out bool isIncomplete)
    {
        isIncomplete = false;
        List<WaitTarget> targets = [];
        foreach ((int descriptor, FileAccess access) in site.Descriptors)
        {
            if (findings.TargetOf(descriptor) is not { } found)
            {
                isIncomplete = true;
            }
            else if (found.Kind != NodeKind.Epoll)
            {
                targets.Add(new WaitTarget(_graph.NodeOf(found), access, descriptor));
            }
            else
            {
                AddWatched(findings.EpollSets.Find(each => each.Set == found).Targets ?? [], findings, targets);
            }
        }
        return targets;
    }

    private void AddWatched(EpollTarget[] watched, ProcessFindings findings, List<WaitTarget> targets)
    {
        foreach (EpollTarget each in watched)
        {
            if (_graph.TargetOf(findings, each.Descriptor) is { } behind)
            {
                targets.Add(new WaitTarget(behind, each.Access, each.Descriptor));
            }
        }
    }

    private List<WaitTarget> Locks(WaitSite site, ProcessFindings findings)
    {
        if (site.Descriptors is not [(int descriptor, _)] || _graph.TargetOf(findings, descriptor) is not { } file)
        {
            return [];
        }
        FileLockMode mode = site.LockMode ?? FileLockMode.Exclusive;
        return
        [
            .. from held in _locks.On(file)
               where LockConflict.Exists(held, site.LockFlavour, mode, site.LockRange) && !IsOwn(held, site, findings.Process.Node, descriptor)
               select new WaitTarget(held.Id, FileAccess.Write, descriptor),
        ];
    }

    // A process does not wait for its own POSIX locks, nor a descriptor for those that it has itself.
    private bool IsOwn(FileLockNode held, WaitSite site, NodeId process, int descriptor)
    {
        Edge[] holders = [.. _graph.EdgesTo(held.Id).Where(edge => edge.Kind == EdgeKind.HoldsLock)];
        return holders.Length > 0
            && holders.All(edge => edge.From == process && (site.LockFlavour == FileLockFlavour.Posix || edge.Descriptor == descriptor));
    }

    // An open blocks on a FIFO without another end, or on a lease that its holder is asked to give up.
    private ThreadWait OfOpen(ThreadWait wait, int processId)
    {
        string? path = wait.Name is null || wait.Name.StartsWith('/')
            ? wait.Name
            : string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cwd/{wait.Name}");
        if (path is null || !FileStatus.TryBehind(path, out LibC.statx status))
        {
            return wait with { Kind = WaitKind.Other };
        }
        ulong device = DeviceNumber.Of(status.stx_dev_major, status.stx_dev_minor);
        if (FileStatus.IsFifo(status))
        {
            NodeId fifo = new(NodeKind.Fifo, device, status.stx_ino);
            _graph.Add(new ObjectNode(fifo, wait.Name)
            {
                UserId = status.stx_uid,
                GroupId = status.stx_gid,
                Mode = (UnixFileMode)(status.stx_mode & 0xFFF),
            });
            return wait with { Targets = [new WaitTarget(fifo, FileAccess.ReadWrite, null)] };
        }
        WaitTarget[] leases =
        [
            .. from held in _locks.On(new NodeId(NodeKind.File, device, status.stx_ino))
               where held.Flavour is FileLockFlavour.Lease or FileLockFlavour.Delegation
               select new WaitTarget(held.Id, FileAccess.ReadWrite, null),
        ];
        return wait with { Kind = leases.Length > 0 ? WaitKind.FileLock : WaitKind.Other, Targets = leases };
    }

    private List<WaitTarget> Listeners(string? name) =>
    [
        .. from node in _graph.Objects.OfType<SocketNode>()
           where node.State == SocketState.Listening && node.Name == name && name is not null
           select new WaitTarget(node.Id, FileAccess.Write, null),
    ];

    private WaitTarget[] Memory(WaitSite site, ProcessFindings findings) =>
        findings.MappingAt(site.Address) is { } map ? [new WaitTarget(_graph.NodeOf(map.Target), FileAccess.ReadWrite, null)] : [];

    // The numbers in a mutex count in the owner's pid namespace.
    private ThreadWait OfOwner(ThreadWait wait, WaitSite site, ProcessFindings findings)
    {
        WaitTarget[] memory = Memory(site, findings);
        bool isKnown = _processOfThread.TryGetValue(site.OwnerThreadId, out NodeId owner) && !findings.Process.IsInPidNamespace;
        bool isPossible = isKnown && (owner == findings.Process.Node || (memory.Length > 0 && wait.Kind == WaitKind.Mutex));
        return isPossible
            ? wait with { OwnerThreadId = site.OwnerThreadId, Targets = [new WaitTarget(owner, 0, null)] }
            : wait with { Kind = WaitKind.Futex, Targets = memory };
    }

    private WaitTarget[] Children(WaitSite site, ProcessFindings findings)
    {
        int wanted = site.ChildId;
        if (site.Descriptors is [(int descriptor, _)])
        {
            NodeId? pidFd = findings.TargetOf(descriptor);
            wanted = findings.PidFds.Find(each => each.PidFd == pidFd).ProcessId;
            if (wanted == 0)
            {
                return [];
            }
        }
        return
        [
            .. from child in _graph.Processes.Values
               where child.Process.ParentId == findings.Process.Id && (wanted == 0 || child.Process.Id == wanted)
               select new WaitTarget(child.Process.Node, 0, null),
        ];
    }

    private static WaitTarget[] SystemV(WaitKind kind, int id) =>
    [
        new WaitTarget(
            NodeId.Of(kind == WaitKind.Semaphore ? NodeKind.SystemVSemaphoreSet : NodeKind.SystemVMessageQueue, (ulong)id),
            kind == WaitKind.Send ? FileAccess.Write : FileAccess.Read,
            null),
    ];

    // Who may not be looked at is still in the table of locks, if it waits there.
    private void AddFromLockTable(ProcessFindings findings, List<ThreadNode> threads)
    {
        foreach ((int processId, LockLine request, FileLockNode blocker) in _locks.Waiters)
        {
            int index = processId == findings.Process.Id ? threads.FindIndex(each => each.Wait.Kind == WaitKind.NotPermitted) : -1;
            if (index >= 0)
            {
                threads[index] = threads[index] with
                {
                    Wait = threads[index].Wait with
                    {
                        Kind = WaitKind.FileLock,
                        LockMode = request.Mode,
                        LockRange = FileLockNode.RangeOf(request),
                        Targets = [new WaitTarget(blocker.Id, FileAccess.Write, null)],
                    },
                };
            }
        }
    }
}
