using Isthmus.Cli.Map;
using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>Turns nodes of the graph into what <c>--json</c> prints.</summary>
internal static class InspectionJson
{
    public static JsonProcess Of(ProcessNode process) => new(process.Id, (ulong)process.StartTime, process.Name);

    public static JsonObject Of(NodeId id, string? name) => new(id.Kind.ToWord(), id.Text, name);

    public static JsonInspectedObject Of(ObjectRow row) => new(
        Of(row.Node.Id, row.Node.Name),
        row.Node.UserId,
        row.Node.GroupId,
        ObjectColumns.ModeOf(row.Node.Mode),
        row.Node.Size,
        row.Node.Fill,
        row.Node.Capacity,
        row.Node.IsDeleted,
        row.Node.IsRuntime,
        row.Node is SocketNode { IsKnown: true } socket ? Of(socket) : null,
        row.Node is FileLockNode held ? Of(held) : null,
        row.Node is SystemVNode system ? Of(system) : null,
        (row.Node as SegmentNode)?.SegmentKind,
        [.. row.Uses.Select(Of)]);

    public static JsonUse Of(ObjectUse use) => new(Of(use.Process), use.Relation, use.Edge.Descriptor, use.Access, use.Edge.ThreadId);

    public static IReadOnlyList<string> Of(SnapshotGaps gaps) => [.. Enum.GetValues<SnapshotGaps>()
        .Where(each => each != 0 && gaps.HasFlag(each)).Select(JsonSignal.Word)];

    public static IReadOnlyList<string> Of(SnapshotParts parts) => [.. Enum.GetValues<SnapshotParts>()
        .Where(each => int.PopCount((int)each) == 1 && parts.HasFlag(each)).Select(JsonSignal.Word)];

    public static JsonInspectedProcess Of(ProcessNode process, ProcessDetail? detail) => new(
        Of(process), process.CommandLine, process.ParentId, process.GroupId, process.SessionId, JsonSignal.Word(process.State),
        process.UserId, process.EffectiveUserId, Nanoseconds(process.UserTime), Nanoseconds(process.SystemTime), process.VirtualBytes,
        process.ResidentBytes, process.ThreadCount, process.DescriptorCount, process.IsKernelThread, process.IsDotNet,
        Of(process.NotPermitted), detail is null ? null : Of(detail));

    public static JsonThread Of(ThreadNode thread) => new(
        thread.Id, thread.Name, JsonSignal.Word(thread.State), thread.LastCpu, Nanoseconds(thread.UserTime), Nanoseconds(thread.SystemTime),
        JsonSignal.Word(thread.Wait.Kind), thread.Wait.Call, thread.Wait.Channel, thread.Wait.HasTimeout);

    public static JsonWaitChain Of(WaitChain chain) => new(
        chain.ToString(),
        JsonSignal.Word(chain.End),
        chain.Culprit is { } culprit ? Of(culprit) : null,
        [.. chain.Cycle.Select(step => Of(step.Process))],
        [.. chain.Steps.Select(Of)]);

    public static JsonMap Of(MapGraph graph, int hidden) => new(
        [.. graph.Nodes.Select(node => new JsonMapNode(
            node.Id.Kind.ToWord(), node.Id.Text, node.Label, node.IsStuck, node.Distance, node.Load.Fill, node.Load.Capacity, node.Load.Rate?.Total,
            node.Load.Rate is { } rate ? JsonSignal.Word(rate.Unit) : null))],
        [.. graph.Edges.Select(edge => new JsonMapEdge(edge.From.ToString(), edge.To.ToString(), edge.Label))],
        hidden);

    private static JsonWaitStep Of(WaitStep step) => new(
        Of(step.Process),
        step.Thread?.Id,
        JsonSignal.Word(step.Thread?.Wait.Kind ?? WaitKind.Other),
        step.Thread?.Wait.Call,
        step.Thread?.Wait.Channel,
        step.Thread?.Wait.HasTimeout ?? false,
        step.Object is { } node ? Of(node.Id, node.Name) : null,
        step.Target?.Descriptor,
        [.. step.Holders.Select(holder => new JsonWaitHolder(Of(holder.Process), holder.ThreadId))]);

    private static JsonSocketFacts Of(SocketNode socket) => new(
        JsonSignal.Word(socket.Form), JsonSignal.Word(socket.State), socket.Peer is { } peer ? Of(peer, socket.PeerName) : null, socket.PeerName,
        socket.BytesToSend);

    private static JsonLockFacts Of(FileLockNode held) => new(
        JsonSignal.Word(held.Flavour), JsonSignal.Word(held.LockMode), held.Range.Start, held.Range.Length, Of(held.File, held.Name));

    private static JsonSystemVFacts Of(SystemVNode node) =>
        new(node.CreatorProcessId, node.LastProcessId, node.LastReceiverProcessId, node.AttachedCount, node.Bytes);

    private static JsonProcessDetail Of(ProcessDetail detail) => new(
        detail.Executable, detail.WorkingDirectory, detail.Root, detail.Namespaces, detail.ControlGroups,
        detail.Limits?.Select(limit => new JsonLimit(JsonSignal.Word(limit.Resource), limit.Soft, limit.Hard)).ToArray(),
        detail.Signals?.Select(Of).ToArray(),
        detail.Memory?.Select(range => new JsonMemoryRange(
            $"{range.Start:x}", range.Length, JsonSignal.Word(range.Kind), range.Access, range.Name, range.ThreadId, range.ResidentBytes,
            range.ProportionalBytes, range.SwappedBytes)).ToArray(),
        detail.ReadBytes, detail.WrittenBytes);

    private static JsonSignalMasks Of(SignalState state) =>
        new(state.ThreadId, Names(state.Blocked), Names(state.Pending), Names(state.SharedPending), Names(state.Ignored), Names(state.Caught));

    private static string[] Names(SignalSet set) => [.. set.Select(signal => signal.Name)];

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}
