using System.Globalization;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>Turns the numbers and addresses of waits into nodes of the graph.</summary>
internal sealed class WaitResolver(GraphBuilder graph, LockResolver locks)
{
    private const int EpollDepthMax = 5; // EP_MAX_NESTS: the kernel refuses more.

    private readonly GraphBuilder _graph = graph;
    private readonly LockResolver _locks = locks;
    private readonly Dictionary<int, NodeId> _processOfThread = [];

    public void Run()
    {
        _processOfThread.EnsureCapacity(_graph.Processes.Count);
        _graph.Threads.EnsureCapacity(_graph.Processes.Count);
        foreach (ProcessFindings findings in _graph.Processes.Values)
        {
            foreach ((ThreadNode thread, _) in findings.Waits)
            {
                _processOfThread[thread.Id] = findings.Process.Node;
            }
        }
        foreach (ProcessFindings findings in _graph.Processes.Values)
        {
            List<ThreadNode> threads = new(findings.Waits.Count);
            foreach ((ThreadNode thread, WaitSite site) in findings.Waits)
            {
                threads.Add(thread with
                {
                    Wait = Resolve(site, findings),
                    IsRuntime = findings.Process.IsDotNet && RuntimeNoise.IsThread(thread.Name),
                });
            }
            if (_locks.Waiters.Count > 0)
            {
                AddFromLockTable(findings, threads);
            }
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
            WaitKind.OpenFifo => OfOpen(wait, site, findings.Process.Id),
            WaitKind.Connect => wait with { Targets = Listeners(site, findings) is [_, ..] listeners ? listeners : Held(site, findings, out _) },
            WaitKind.Futex => wait with { Targets = Memory(site, findings) },
            WaitKind.Mutex or WaitKind.ThreadEnd => OfOwner(wait, site, findings),
            WaitKind.ProgramStart => wait with { Targets = NewestChild(findings) },
            WaitKind.Child => wait with { Targets = Children(site, findings) },
            WaitKind.Receive or WaitKind.Send or WaitKind.Semaphore when site.SystemVId is { } id => OfSystemV(wait, id, site, findings),
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
                AddWatched(found, findings, targets, ref isIncomplete, 0);
            }
        }
        return targets;
    }

    private void AddWatched(NodeId set, ProcessFindings findings, List<WaitTarget> targets, ref bool isIncomplete, int depth)
    {
        foreach (EpollTarget each in findings.EpollSets.Find(known => known.Set == set).Targets ?? [])
        {
            // What was closed here, or is another one now, may be open elsewhere, and then it is still watched.
            if (findings.TargetOf(each.Descriptor) is not { } found || !WatchResolver.IsSame(_graph.NodeOf(found), each))
            {
                isIncomplete = true;
            }
            else if (found.Kind == NodeKind.Epoll && depth < EpollDepthMax)
            {
                AddWatched(found, findings, targets, ref isIncomplete, depth + 1);
            }
            else
            {
                targets.Add(new WaitTarget(_graph.NodeOf(found), each.Access, each.Descriptor));
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
    private ThreadWait OfOpen(ThreadWait wait, WaitSite site, int processId)
    {
        if (site.Name is null)
        {
            return wait with { Kind = WaitKind.Other };
        }
        // Its root may be another one than ours, and a name may count from a directory that it has open.
        bool isWhole = site.Name.StartsWith('/');
        string from = isWhole ? "root" : site.Descriptors is [(int directory, _)] ? string.Create(CultureInfo.InvariantCulture, $"fd/{directory}") : "cwd";
        string start = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{from}");
        if (!FileStatus.TryBehind($"{start}/{site.Name}", out LibC.statx status))
        {
            return wait with { Kind = WaitKind.Other };
        }
        wait = isWhole || new FileInfo(start).LinkTarget is not { } directoryName ? wait : wait with { Name = $"{directoryName.TrimEnd('/')}/{site.Name}" };
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

    // A path is found from everywhere, any other name in its own network namespace only.
    private List<WaitTarget> Listeners(WaitSite site, ProcessFindings findings)
    {
        ulong space = Held(site, findings, out _) is [{ Node: var own }] && _graph.Find(own) is SocketNode socket ? socket.NetworkSpace : 0;
        return
        [
            .. from node in _graph.Objects.OfType<SocketNode>()
               where node.State == SocketState.Listening && node.Name == site.Name && site.Name is { } name
                   && (name.StartsWith('/') || node.NetworkSpace == space)
               select new WaitTarget(node.Id, FileAccess.Write, null),
        ];
    }

    private WaitTarget[] Memory(WaitSite site, ProcessFindings findings) =>
        findings.MappingAt(site.Address) is { } map ? [new WaitTarget(_graph.NodeOf(map.Target), FileAccess.ReadWrite, null)] : [];

    // The numbers in a mutex count in the owner's pid namespace.
    private ThreadWait OfOwner(ThreadWait wait, WaitSite site, ProcessFindings findings)
    {
        WaitTarget[] memory = Memory(site, findings);
        bool isKnown = _processOfThread.TryGetValue(site.OwnerThreadId, out NodeId owner) && !findings.Process.IsInPidNamespace;
        bool isPossible = isKnown && (owner == findings.Process.Node || (memory.Length > 0 && wait.Kind == WaitKind.Mutex));
        if (!isKnown && site.IsMutex && !findings.Process.IsInPidNamespace && HasEnded(site.OwnerThreadId))
        {
            return wait with { OwnerThreadId = site.OwnerThreadId, HasOwnerEnded = true };
        }
        return isPossible
            ? wait with { OwnerThreadId = site.OwnerThreadId, Targets = [new WaitTarget(owner, 0, null)] }
            : wait with { Kind = WaitKind.Futex, Targets = memory };
    }

    // Who is hidden is still refused in another way. A thread that came after the sweep may have the number, but then it is not asked for.
    private static bool HasEnded(int thread) => LibC.kill(thread, 0) != 0 && Errno.Last == Errno.ESRCH;

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

    private WaitTarget[] NewestChild(ProcessFindings findings) => _graph.Processes.Values.Select(each => each.Process)
        .Where(each => each.ParentId == findings.Process.Id).MaxBy(each => each.StartTime) is { } child ? [new WaitTarget(child.Node, 0, null)] : [];

    private ThreadWait OfSystemV(ThreadWait wait, int id, WaitSite site, ProcessFindings findings)
    {
        NodeKind kind = site.Kind == WaitKind.Semaphore ? NodeKind.SystemVSemaphoreSet : NodeKind.SystemVMessageQueue;
        // The same id is another object in each namespace.
        NodeId node = new(kind, SystemVNamespaces.SpaceOf(findings.Process.Id), (ulong)id);
        _graph.Add(new SystemVNode(node, null));
        return wait with
        {
            Targets = [new WaitTarget(node, site.Kind == WaitKind.Send ? FileAccess.Write : FileAccess.Read, null)],
            LastProcessId = node.Space == 0 ? LastUser((SystemVNode)_graph.Find(node)!, site) : null,
        };
    }

    private static int? LastUser(SystemVNode node, WaitSite site) => site.Kind switch
    {
        WaitKind.Receive => node.LastProcessId,
        WaitKind.Send => node.LastReceiverProcessId,
        _ => site.SemaphoreIndex is { } index && LibC.semctl((int)node.Id.Number, index, LibC.GETPID, 0) is > 0 and int last ? last : null,
    };

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
