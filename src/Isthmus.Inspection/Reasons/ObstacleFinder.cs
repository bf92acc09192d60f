namespace Isthmus.Inspection;

/// <summary>Finds out who has to act so that a wait ends.</summary>
internal sealed class ObstacleFinder(Snapshot snapshot)
{
    private readonly Snapshot _snapshot = snapshot;

    // A thousand processes that wait for the same pipe have the same holders in their way.
    private readonly Dictionary<(NodeId Node, FileAccess Access, WaitKind Kind), Obstacle> _ends = [];
    private readonly HashSet<NodeId> _seen = [];

    /// <summary>One for each thing that is waited for; none where that cannot be told.</summary>
    public IReadOnlyList<Obstacle> Find(ProcessNode process, ThreadNode thread)
    {
        ThreadWait wait = thread.Wait;
        return wait.Kind switch
        {
            WaitKind.Mutex or WaitKind.ThreadEnd => [.. wait.Targets.Select(target => OfThread(target, wait.OwnerThreadId))],
            WaitKind.Child or WaitKind.ProgramStart when wait.Targets.Count > 0 =>
                [new Obstacle(wait.Targets[0], [.. wait.Targets.SelectMany(target => Holder(target.Node))], NeedsAll: false)],
            WaitKind.Zombie when process.Threads.Count == 1 && _snapshot.FindProcess(process.ParentId) is { } parent =>
                [new Obstacle(null, [new WaitHolder(parent, null)], NeedsAll: false)],
            WaitKind.FileLock => [.. wait.Targets.Select(target => OfLock(target, process))],
            WaitKind.Read or WaitKind.Write or WaitKind.Poll or WaitKind.Connect =>
                [.. wait.Targets.Select(target => WithoutSelf(OfKnownEnd(target, wait.Kind), process))],
            WaitKind.Segment => [.. wait.Targets.Select(target => OfSegment(target, process))],
            WaitKind.Receive or WaitKind.Send or WaitKind.Semaphore => [.. wait.Targets.Select(target => OfQueue(target, wait, process))],
            WaitKind.Futex or WaitKind.OpenFifo or WaitKind.Accept =>
                [.. wait.Targets.Select(target => new Obstacle(target, [], NeedsAll: false) { IsOpen = true })],
            _ => [],
        };
    }

    private Obstacle OfThread(WaitTarget target, int? threadId) => new(
        target, _snapshot.FindProcess(target.Node) is { } process ? [new WaitHolder(process, threadId)] : [], NeedsAll: false);

    /// <summary>A wait that no thread shows.</summary>
    public static bool IsAwaited(Edge edge) => edge is { Kind: EdgeKind.WaitsFor, ThreadId: null, To.Kind: NodeKind.Segment };

    /// <summary>
    /// One for each object of Isthmus that a process waits for in a way that no thread tells: awaited, or in threads that may not be looked at.
    /// </summary>
    public IReadOnlyList<Obstacle> FindAwaited(ProcessNode process) =>
    [
        .. from edge in _snapshot.EdgesFrom(process.Node)
           where IsAwaited(edge)
           select OfSegment(new WaitTarget(edge.To, 0, null), process),
    ];

    // An event, a condition, a plain semaphore has no holder: anybody may act.
    private Obstacle OfSegment(WaitTarget target, ProcessNode process)
    {
        WaitHolder[] holders = [.. HoldersBy(target.Node, edge => edge.Kind == EdgeKind.HoldsLock)];
        // A writer who waits for the readers to leave has the lock already.
        WaitHolder[] others = [.. holders.Where(each => each.Process.Node != process.Node)];
        bool isSemaphore = _snapshot.FindObject(target.Node) is SegmentNode { SegmentKind: "semaphore" };
        return new Obstacle(target, others.Length > 0 ? others : holders, NeedsAll: !isSemaphore) { IsOpen = holders.Length == 0 };
    }

    // Who has the other side open, or used it last: whom one asks first. Whoever knows the name may end the wait, too.
    private Obstacle OfQueue(WaitTarget target, ThreadWait wait, ProcessNode process)
    {
        FileAccess other = wait.Kind == WaitKind.Send ? FileAccess.Read : FileAccess.Write;
        List<WaitHolder> holders = HoldersBy(target.Node, edge => edge.Kind == EdgeKind.HoldsOpen && ((edge.Access ?? 0) & other) != 0);
        if (wait.LastProcessId is { } last && _snapshot.FindProcess(last) is { } found)
        {
            holders.Add(new WaitHolder(found, null));
        }
        holders.RemoveAll(each => each.Process.Node == process.Node);
        return new Obstacle(target, holders, NeedsAll: false) { IsOpen = true };
    }

    private Obstacle OfLock(WaitTarget target, ProcessNode process)
    {
        WaitHolder[] holders = [.. HoldersBy(target.Node, edge => edge.Kind == EdgeKind.HoldsLock)];
        // A holder of the same read lock that asks for more waits for the others, not for itself.
        WaitHolder[] others = [.. holders.Where(each => each.Process.Node != process.Node)];
        return new Obstacle(target, others.Length > 0 ? others : holders, NeedsAll: true) { IsOpen = holders.Length == 0 };
    }

    // Who has the other end itself waits for a signal handler to write there, if it has one; or, at a FIFO, for whoever opens that.
    private static Obstacle WithoutSelf(Obstacle obstacle, ProcessNode process) => obstacle.Holders.Any(holder => holder.Process == process)
        && (obstacle.Target!.Value.Node.Kind == NodeKind.Fifo ? obstacle.Holders.Count == 1 : HasHandlers(process))
        ? obstacle with { IsOpen = true }
        : obstacle;

    // Runtimes catch SIGINT by themselves, and libc its own two.
    private static bool HasHandlers(ProcessNode process) =>
        process.CaughtSignals.Any(signal => signal != Signal.SIGINT && signal.Number is not (32 or 33));

    private Obstacle OfKnownEnd(WaitTarget target, WaitKind kind)
    {
        if (!_ends.TryGetValue((target.Node, target.Access, kind), out Obstacle? found))
        {
            _ends[(target.Node, target.Access, kind)] = found = OfEnd(target, kind);
        }
        return found with { Target = target };
    }

    private Obstacle OfEnd(WaitTarget target, WaitKind kind) => target.Node.Kind switch
    {
        NodeKind.Pipe or NodeKind.Fifo => OfPipe(target),
        NodeKind.UnixSocket or NodeKind.TcpSocket or NodeKind.UdpSocket when kind == WaitKind.Connect => OfListener(target),
        NodeKind.UnixSocket or NodeKind.TcpSocket or NodeKind.UdpSocket or NodeKind.PseudoTerminal => OfPeer(target),
        NodeKind.EventFd => Of(target, edge => edge.Kind == EdgeKind.HoldsOpen),
        NodeKind.PidFd => OfWatched(target),
        _ => new Obstacle(target, [], NeedsAll: false) { IsOpen = true },
    };

    // Who waits for data waits for the writers, who waits for room for the readers; poll may wait for both.
    private Obstacle OfPipe(WaitTarget target)
    {
        FileAccess other = (target.Access.HasFlag(FileAccess.Read) ? FileAccess.Write : 0)
            | (target.Access.HasFlag(FileAccess.Write) ? FileAccess.Read : 0);
        return Of(target, edge => edge.Kind == EdgeKind.HoldsOpen && ((edge.Access ?? 0) & other) != 0);
    }

    private Obstacle OfListener(WaitTarget target)
    {
        Obstacle found = Of(target, edge => edge.Kind == EdgeKind.ListensOn);
        return found with { IsOpen = found.Holders.Count == 0 };
    }

    private Obstacle OfPeer(WaitTarget target)
    {
        bool hasPeer = false;
        List<WaitHolder> holders = [];
        _seen.Clear();
        foreach (Edge edge in _snapshot.EdgesFrom(target.Node))
        {
            if (edge.Kind == EdgeKind.ConnectedTo)
            {
                hasPeer = true;
                AddHolders(edge.To, static held => held.Kind == EdgeKind.HoldsOpen, holders);
            }
        }
        return new Obstacle(target, holders, NeedsAll: false)
        {
            // A listener, a socket without a connection, the other side of a network: anybody.
            IsOpen = !hasPeer || _snapshot.FindObject(target.Node) is SocketNode { State: SocketState.Listening },
        };
    }

    private Obstacle OfWatched(WaitTarget target) => new(
        target,
        [.. _snapshot.EdgesFrom(target.Node).Where(edge => edge.Kind == EdgeKind.Watches).SelectMany(edge => Holder(edge.To))],
        NeedsAll: false);

    private Obstacle Of(WaitTarget target, Func<Edge, bool> holds) => new(target, HoldersBy(target.Node, holds), NeedsAll: false);

    // In plain loops: a thousand processes that poll have some thousand ends to be followed, once a second.
    private List<WaitHolder> HoldersBy(NodeId node, Func<Edge, bool> holds)
    {
        List<WaitHolder> holders = [];
        _seen.Clear();
        AddHolders(node, holds, holders);
        return holders;
    }

    private void AddHolders(NodeId node, Func<Edge, bool> holds, List<WaitHolder> holders)
    {
        foreach (Edge edge in _snapshot.EdgesTo(node))
        {
            if (holds(edge) && _seen.Add(edge.From) && _snapshot.FindProcess(edge.From) is { } process)
            {
                holders.Add(new WaitHolder(process, null));
            }
        }
    }

    private WaitHolder[] Holder(NodeId process) => _snapshot.FindProcess(process) is { } found ? [new WaitHolder(found, null)] : [];
}
