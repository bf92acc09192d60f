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
    private readonly Dictionary<int, ProcessNode> _processes;
    private readonly Lazy<ILookup<NodeId, Edge>> _from;
    private readonly Lazy<ILookup<NodeId, Edge>> _to;

    internal Snapshot(
        SnapshotOptions options, IReadOnlyList<ProcessNode> processes, IReadOnlyList<ObjectNode> objects, IReadOnlyList<Edge> edges,
        SnapshotGaps gaps, TimeSpan duration)
    {
        Options = options;
        Processes = processes;
        Objects = objects;
        Edges = edges;
        Gaps = gaps;
        Duration = duration;
        _processes = processes.ToDictionary(each => each.Id);
        _objects = objects.ToDictionary(each => each.Id);
        _from = new(() => Edges.ToLookup(edge => edge.From));
        _to = new(() => Edges.ToLookup(edge => edge.To));
    }

    /// <summary>What it was asked to hold.</summary>
    public SnapshotOptions Options { get; }

    /// <summary>The processes by number.</summary>
    public IReadOnlyList<ProcessNode> Processes { get; }

    /// <summary>The objects, by kind, then by number.</summary>
    public IReadOnlyList<ObjectNode> Objects { get; }

    /// <summary>Who holds, maps, waits for, is connected to what.</summary>
    public IReadOnlyList<Edge> Edges { get; }

    /// <summary>What could not be looked at.</summary>
    public SnapshotGaps Gaps { get; }

    /// <summary>How long the sweep took.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Takes one now.</summary>
    /// <exception cref="PlatformNotSupportedException"><c>/proc</c> is not mounted, or shows another pid namespace.</exception>
    public static Snapshot Take(SnapshotOptions? options = null)
    {
        long start = Stopwatch.GetTimestamp();
        Sweep sweep = new(options ?? new SnapshotOptions());
        return sweep.Run(() => Stopwatch.GetElapsedTime(start));
    }

    /// <summary>The process with a number; null when there was none.</summary>
    public ProcessNode? FindProcess(int id) => _processes.GetValueOrDefault(id);

    /// <summary>The process of a node; null when it was not there, even if another one has its number.</summary>
    public ProcessNode? FindProcess(NodeId node) =>
        node.Kind == NodeKind.Process && _processes.GetValueOrDefault((int)node.Number) is { } found && found.Node == node ? found : null;

    /// <summary>The object of a node; null when it was not there.</summary>
    public ObjectNode? FindObject(NodeId node) => _objects.GetValueOrDefault(node);

    /// <summary>The edges that begin at a node: what a process holds and waits for.</summary>
    public IEnumerable<Edge> EdgesFrom(NodeId node) => _from.Value[node];

    /// <summary>The edges that end at a node: who holds an object, who waits for it.</summary>
    public IEnumerable<Edge> EdgesTo(NodeId node) => _to.Value[node];

    /// <summary>What has changed since an earlier snapshot.</summary>
    public SnapshotChanges ChangesSince(Snapshot earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return SnapshotChanges.Between(earlier, this);
    }
}
