using Isthmus.Inspection;

namespace Isthmus.Cli.Map;

/// <summary>A line on the map.</summary>
/// <param name="From">Where bytes, or the wait, come from.</param>
/// <param name="To">Where they go.</param>
/// <param name="Label">What it is: <c>writes</c>, <c>maps</c>, <c>waits</c>, …</param>
/// <param name="IsWait">Somebody is blocked because of it.</param>
internal sealed record MapEdge(NodeId From, NodeId To, string Label, bool IsWait);
