namespace Isthmus.Inspection;

/// <summary>Joins epoll sets, inotify watches and pidfds with what they tell about.</summary>
internal static class WatchResolver
{
    public static void Run(GraphBuilder graph)
    {
        foreach (ProcessFindings findings in graph.Processes.Values)
        {
            foreach ((NodeId set, EpollTarget[] targets) in findings.EpollSets)
            {
                // By its number: a descriptor that was closed, or is another one now, is no longer what was added; the inode tells.
                foreach (EpollTarget target in targets)
                {
                    if (graph.TargetOf(findings, target.Descriptor) is { } node && IsSame(node, target))
                    {
                        AddWatched(graph, set, node);
                    }
                }
            }
            foreach ((NodeId watch, (ulong Device, ulong Inode)[] targets) in findings.FileWatches)
            {
                foreach ((ulong device, ulong inode) in targets)
                {
                    AddWatched(graph, watch, device, inode);
                }
            }
            foreach ((NodeId pidFd, int processId) in findings.PidFds)
            {
                if (graph.ProcessNode(processId) is { } watched)
                {
                    graph.Add(new Edge(EdgeKind.Watches, pidFd, watched));
                }
            }
        }
    }

    // A set that several processes have is told about by each of them.
    private static void AddWatched(GraphBuilder graph, NodeId found, NodeId node)
    {
        NodeId set = graph.NodeOf(found);
        if (set == found || !graph.EdgesTo(node).Any(edge => edge.Kind == EdgeKind.Watches && edge.From == set))
        {
            graph.Add(new Edge(EdgeKind.Watches, set, node));
        }
    }

    // What has no inode of its own (eventfd, timerfd, …) shares one with all of its like.
    public static bool IsSame(NodeId node, EpollTarget target) =>
        !(node.Kind is NodeKind.Pipe or NodeKind.Fifo or NodeKind.PosixMessageQueue || node.Kind.IsSocket()) || node.Number == target.Inode;

    // Only files that somebody has open are in the graph.
    private static void AddWatched(GraphBuilder graph, NodeId watch, ulong device, ulong inode)
    {
        foreach (NodeKind kind in (ReadOnlySpan<NodeKind>)[NodeKind.File, NodeKind.Directory, NodeKind.Fifo])
        {
            NodeId id = new(kind, device, inode);
            if (graph.Find(id) is not null)
            {
                graph.Add(new Edge(EdgeKind.Watches, watch, id));
            }
        }
    }
}
