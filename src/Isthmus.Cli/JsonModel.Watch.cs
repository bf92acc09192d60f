using System.Text.Json;
using System.Text.Json.Nodes;
using Isthmus.Cli.Inspection;
using Isthmus.Cli.Watch;

namespace Isthmus.Cli;

/// <summary>
/// Of <c>watch</c>, one a line. Interval is that over which rates were counted, in nanoseconds. Stuck has each deadlock once, and those who hang on it or wait
/// for one who is stopped.
/// </summary>
internal sealed record JsonWatch(
    long Interval, IReadOnlyList<JsonWatchProcess> Processes, IReadOnlyList<JsonWatchEdge> Edges, IReadOnlyList<JsonWaitChain> Stuck,
    int HiddenProcesses, IReadOnlyList<string> Gaps) : JsonDocument
{
    public static JsonWatch Of(WatchModel model) => new(
        model.Rates.Between.Ticks * TimeSpan.NanosecondsPerTick,
        [.. model.Processes.Select(JsonWatchProcess.Of)],
        [.. model.Edges.Select(JsonWatchEdge.Of)],
        [.. model.Stuck.Select(InspectionJson.Of)],
        model.Hidden,
        InspectionJson.Of(model.Snapshot.Gaps));

    public string ToLine() => JsonNode.Parse(JsonSerializer.Serialize(this, JsonModel.Default.JsonWatch))!.ToJsonString();
}

/// <summary>
/// A process as it is watched. Cpu is a share of one CPU; read and written are bytes a second; wait is what its main thread waits for; stuck how the chain of
/// its waits ends (deadlock, stopped), null when it may go on. Null is also what may not be seen.
/// </summary>
internal sealed record JsonWatchProcess(
    JsonProcess Process, uint Uid, string State, string Wait, string? Stuck, double? Cpu, double? Read, double? Written, long ResidentMemory, int Edges)
{
    public static JsonWatchProcess Of(WatchProcess each) => new(
        InspectionJson.Of(each.Process),
        each.Process.UserId,
        JsonSignal.Word(each.Process.State),
        each.Wait,
        each.Stuck is { } chain ? JsonSignal.Word(chain.End) : null,
        each.Cpu,
        each.Rate?.Received,
        each.Rate?.Sent,
        each.Process.ResidentBytes,
        each.Edges);
}

/// <summary>
/// An object, or a connection with its peer. Rate is a second's, in unit (bytes or messages); blocked is none, held_up or stuck.
/// </summary>
internal sealed record JsonWatchEdge(
    JsonObject Object, JsonObject? Peer, long? Fill, long? Capacity, double? Rate, string? Unit, string Blocked, IReadOnlyList<JsonWatchEnd> Ends)
{
    public static JsonWatchEdge Of(WatchEdge edge) => new(
        InspectionJson.Of(edge.Node.Id, edge.Name),
        edge.Peer is { } peer ? InspectionJson.Of(peer.Id, peer.Name) : null,
        edge.Fill,
        edge.Capacity,
        edge.Rate?.Total,
        edge.Rate is { } rate ? JsonSignal.Word(rate.Unit) : null,
        JsonSignal.Word(edge.Blocking),
        [.. edge.Ends.Select(end => new JsonWatchEnd(InspectionJson.Of(end.Process), end.Roles))]);
}

/// <summary>Who has an edge, and how: writes, reads, open, listens, maps, takes_part, holds, waits.</summary>
internal sealed record JsonWatchEnd(JsonProcess Process, IReadOnlyList<string> Roles);
