using System.Diagnostics;

namespace Isthmus.Inspection;

/// <summary>
/// All processes and IPC objects of this machine at one moment, and the graph between them: a value that never changes, read by one sweep
/// over <c>/proc</c>. What comes or goes during the sweep may be in it or not; what may not be read is marked so, and never taken for absent.
/// </summary>
/// <remarks>Thread-safe. Needs no privilege for one's own processes.</remarks>
public sealed class Snapshot
{
    private readonly Dictionary<NodeId, ObjectNode> _objects;
    private readonly Lazy<ObjectNode[]> _sorted;
    private readonly Dictionary<int, ProcessNode> _processes;
    private readonly ChunkedList<Edge> _edges;
    private readonly Lazy<EdgeIndex> _from;
    private readonly EdgeIndex _to;

    // The graph is this snapshot's from now on: its builder is done with it.
    internal Snapshot(SnapshotOptions options, GraphBuilder graph, SweepMemory memory, SnapshotGaps gaps, TimeSpan duration)
    {
        Memory = memory;
        Options = options;
        ProcessNode[] processes = [.. graph.Processes.Values.Select(each => graph.Complete(each.Process))];
        Array.Sort(processes, static (one, other) => one.Id.CompareTo(other.Id));
        Processes = processes;
        _processes = processes.ToDictionary(each => each.Id);
        _objects = graph.Nodes;
        _sorted = new(SortObjects);
        _edges = graph.Edges;
        _from = new(IndexBeginnings);
        _to = graph.EdgesByEnd;
        Gaps = gaps;
        Duration = duration;
    }

    /// <summary>What it was asked to hold.</summary>
    public SnapshotOptions Options { get; }

    /// <summary>The processes by number.</summary>
    public IReadOnlyList<ProcessNode> Processes { get; }

    /// <summary>The objects, by kind, then by number.</summary>
    public IReadOnlyList<ObjectNode> Objects => _sorted.Value;

    /// <summary>Who holds, maps, waits for, is connected to what.</summary>
    public IReadOnlyList<Edge> Edges => _edges;

    /// <summary>What could not be looked at.</summary>
    public SnapshotGaps Gaps { get; }

    /// <summary>How long the sweep took.</summary>
    public TimeSpan Duration { get; }

    /// <summary>What the next one is made of.</summary>
    internal SweepMemory Memory { get; }

    internal int ObjectCount => _objects.Count;

    /// <summary>For who needs no order: to sort ten thousand costs.</summary>
    internal IEnumerable<ObjectNode> UnsortedObjects => _objects.Values;

    /// <summary>Takes one now.</summary>
    /// <exception cref="PlatformNotSupportedException"><c>/proc</c> is not mounted, or shows another pid namespace.</exception>
    public static Snapshot Take(SnapshotOptions? options = null)
    {
        long start = Stopwatch.GetTimestamp();
        return new Sweep(options ?? new SnapshotOptions(), null).Run(() => Stopwatch.GetElapsedTime(start));
    }

    /// <summary>
    /// Takes a later one with the same options, for who looks again and again: only processes that have run since are read again, and all of them
    /// when that was last done 30 seconds ago. For a thousand processes most of which are idle, it costs a small part of <see cref="Take"/>.
    /// </summary>
    /// <remarks>
    /// What others can do to a process that does not run is read every time: its sockets, its locks, a mutex in shared memory that it waits for, the end
    /// of its parent, and the objects that are listed by name. Up to 30 seconds old may be, of a process that has not run: its memory in use; the size
    /// and path of a file that no process that ran has open; the fill of a timer, or of an event that somebody changed who has closed it; a group that
    /// its parent has put it into. This snapshot stays as it is.
    /// </remarks>
    /// <inheritdoc cref="Take"/>
    public Snapshot Refresh()
    {
        long start = Stopwatch.GetTimestamp();
        return new Sweep(Options, this).Run(() => Stopwatch.GetElapsedTime(start));
    }

    /// <summary>The process with a number; null when there was none.</summary>
    public ProcessNode? FindProcess(int id) => _processes.GetValueOrDefault(id);

    /// <summary>The process of a node; null when it was not there, even if another one has its number.</summary>
    public ProcessNode? FindProcess(NodeId node) =>
        node.Kind == NodeKind.Process && _processes.GetValueOrDefault((int)node.Number) is { } found && found.Node == node ? found : null;

    /// <summary>The object of a node; null when it was not there.</summary>
    public ObjectNode? FindObject(NodeId node) => _objects.GetValueOrDefault(node);

    /// <summary>The edges that begin at a node: what a process holds and waits for.</summary>
    public IEnumerable<Edge> EdgesFrom(NodeId node) => _from.Value.Find(node, _edges);

    /// <summary>The edges that end at a node: who holds an object, who waits for it.</summary>
    public IEnumerable<Edge> EdgesTo(NodeId node) => _to.Find(node, _edges);

    /// <summary>What has changed since an earlier snapshot.</summary>
    public SnapshotChanges ChangesSince(Snapshot earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return SnapshotChanges.Between(earlier, this);
    }

    private ObjectNode[] SortObjects()
    {
        ObjectNode[] objects = [.. _objects.Values];
        Array.Sort(objects, static (one, other) => one.Id.CompareTo(other.Id));
        return objects;
    }

    private EdgeIndex IndexBeginnings()
    {
        // Processes, and sockets that are connected.
        EdgeIndex index = new(_processes.Count + (_objects.Count / 2));
        foreach (Edge edge in _edges)
        {
            index.Add(edge.From);
        }
        return index;
    }
}
