namespace Isthmus.Inspection;

/// <summary>How a later snapshot differs from an earlier one of the same machine and parts.</summary>
public sealed record SnapshotChanges
{
    /// <summary>Processes that are only in the later one.</summary>
    public required IReadOnlyList<ProcessNode> AddedProcesses { get; init; }

    /// <summary>Processes that are only in the earlier one.</summary>
    public required IReadOnlyList<ProcessNode> RemovedProcesses { get; init; }

    /// <summary>Processes whose name, arguments, parent, state or user is another one now; as they are in the later one.</summary>
    public required IReadOnlyList<ProcessNode> ChangedProcesses { get; init; }

    /// <summary>Objects that are only in the later one.</summary>
    public required IReadOnlyList<ObjectNode> AddedObjects { get; init; }

    /// <summary>Objects that are only in the earlier one.</summary>
    public required IReadOnlyList<ObjectNode> RemovedObjects { get; init; }

    /// <summary>Objects of which anything is different, such as the fill; as they are in the later one.</summary>
    public required IReadOnlyList<ObjectNode> ChangedObjects { get; init; }

    /// <summary>Connections that are only in the later one.</summary>
    public required IReadOnlyList<Edge> AddedEdges { get; init; }

    /// <summary>Connections that are only in the earlier one.</summary>
    public required IReadOnlyList<Edge> RemovedEdges { get; init; }

    /// <summary>Nothing is different.</summary>
    public bool IsEmpty => AddedProcesses.Count + RemovedProcesses.Count + ChangedProcesses.Count
        + AddedObjects.Count + RemovedObjects.Count + ChangedObjects.Count + AddedEdges.Count + RemovedEdges.Count == 0;

    internal static SnapshotChanges Between(Snapshot earlier, Snapshot later)
    {
        HashSet<Edge> before = [.. earlier.Edges];
        HashSet<Edge> after = [.. later.Edges];
        return new SnapshotChanges
        {
            AddedProcesses = [.. later.Processes.Where(each => earlier.FindProcess(each.Node) is null)],
            RemovedProcesses = [.. earlier.Processes.Where(each => later.FindProcess(each.Node) is null)],
            ChangedProcesses = [.. later.Processes.Where(each => earlier.FindProcess(each.Node) is { } old && Differs(old, each))],
            AddedObjects = [.. later.Objects.Where(each => earlier.FindObject(each.Id) is null)],
            RemovedObjects = [.. earlier.Objects.Where(each => later.FindObject(each.Id) is null)],
            ChangedObjects = [.. later.Objects.Where(each => earlier.FindObject(each.Id) is { } old && old != each)],
            AddedEdges = [.. later.Edges.Where(each => !before.Contains(each))],
            RemovedEdges = [.. earlier.Edges.Where(each => !after.Contains(each))],
        };
    }

    private static bool Differs(ProcessNode old, ProcessNode now) =>
        old.Name != now.Name || old.ParentId != now.ParentId || old.State != now.State || old.UserId != now.UserId
        || old.EffectiveUserId != now.EffectiveUserId || !old.CommandLine.SequenceEqual(now.CommandLine);
}
