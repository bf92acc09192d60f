using System.Globalization;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Map;

/// <summary>A process or an object on the map.</summary>
/// <param name="Id">The same in all snapshots.</param>
/// <param name="Label">For people.</param>
/// <param name="IsStuck">It is a process that is stopped, or a part of a deadlock.</param>
/// <param name="Distance">How many processes away from those that were asked for.</param>
/// <param name="Load">How full it is, and what passes through it.</param>
internal sealed record MapNode(NodeId Id, string Label, bool IsStuck, int Distance, MapLoad Load)
{
    public bool IsProcess => Id.Kind == NodeKind.Process;

    public static MapNode Of(ProcessNode process, bool isDeadlocked, int distance)
    {
        bool isStopped = process.State is ThreadRunState.Stopped;
        string state = isDeadlocked ? ", deadlocked" : isStopped ? ", stopped" : "";
        string label = string.Create(CultureInfo.InvariantCulture, $"{process.Id} ({process.Name}{state})");
        return new MapNode(process.Node, Printable.Of(label), isDeadlocked || isStopped, distance, MapLoad.None);
    }

    public static MapNode Of(ObjectNode node, int distance, SnapshotRates rates)
    {
        string kind = node is SegmentNode segment ? segment.SegmentKind : node.Kind.ToWord();
        string name = node.Name is null ? node.Id.Text : node.Name + (node.IsDeleted ? " (deleted)" : "");
        return new MapNode(node.Id, Printable.Of($"{kind} {name}"), false, distance, MapLoad.Of(node, rates));
    }
}
