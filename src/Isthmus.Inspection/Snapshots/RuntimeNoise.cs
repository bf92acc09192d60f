using System.Collections.Frozen;

namespace Isthmus.Inspection;

/// <summary>Marks what the .NET runtime and this library make for themselves in every process, so that a view can leave it out.</summary>
internal static class RuntimeNoise
{
    // As far as the kernel keeps names: 15 bytes. Threads of the pool, of timers and of sockets run the program's code, and are not among them.
    private static readonly FrozenSet<string> s_threads = FrozenSet.Create(
        StringComparer.Ordinal,
        ".NET SynchManag", ".NET EventPipe", ".NET DebugPipe", ".NET Debugger", ".NET Finalizer", ".NET SigHandler", ".NET Tiered Com",
        "isthmus-events", "isthmus-deaths");

    // Diagnostics, and the doorbells of Isthmus.
    private static readonly string[] s_names = ["/dotnet-diagnostic-", "/clr-debug-pipe-", "/dev/shm/isthmus-"];

    public static bool IsThread(string name) => s_threads.Contains(name);

    public static void Mark(GraphBuilder graph)
    {
        List<ObjectNode> found = [.. graph.Objects.Where(IsRuntime)];
        HashSet<NodeId> runtimes = [];
        HashSet<NodeId> pipes = [];
        foreach (ProcessFindings runtime in graph.Processes.Values.Where(each => each.Process.IsDotNet))
        {
            runtimes.Add(runtime.Process.Node);
            pipes.UnionWith(runtime.Descriptors.Where(each => each.Target.Kind == NodeKind.Pipe).Select(each => each.Target));
        }
        found.AddRange(pipes.Where(pipe => IsInside(graph, pipe, runtimes)).Select(pipe => graph.Find(pipe)!));
        found.ForEach(node => graph.Replace(node with { IsRuntime = true }));
    }

    private static bool IsRuntime(ObjectNode node) => node.Kind switch
    {
        NodeKind.UnixSocket or NodeKind.Fifo => node.Name is { } name && Array.Exists(s_names, part => name.Contains(part, StringComparison.Ordinal)),
        NodeKind.FileLock => node is FileLockNode { File.Kind: NodeKind.Segment },
        _ => false,
    };

    // A pipe with both ends in one process talks to nobody else: so the runtime's signal handling wakes itself.
    private static bool IsInside(GraphBuilder graph, NodeId pipe, HashSet<NodeId> runtimes)
    {
        NodeId? only = null;
        foreach (Edge edge in graph.EdgesTo(pipe))
        {
            if (edge.Kind == EdgeKind.HoldsOpen)
            {
                if (!runtimes.Contains(edge.From) || (only is { } other && other != edge.From))
                {
                    return false;
                }
                only = edge.From;
            }
        }
        return only is not null;
    }
}
