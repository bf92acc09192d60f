using Isthmus.Cli.Channels;

namespace Isthmus.Cli;

/// <summary>Of <c>channel ls</c>.</summary>
internal sealed record JsonChannelList(IReadOnlyList<JsonChannel> Channels) : JsonDocument;

/// <summary>
/// A channel, or another object of Isthmus. Stale: nobody takes part, which was proved. Fill is null where it is not known; size, creator and participants
/// are null when it could not be read, and problem says why.
/// </summary>
internal sealed record JsonChannel(
    JsonObject Object, bool Stale, JsonChannelFill? Fill, long? Size, int? MaxParticipants, JsonProcess? Creator,
    IReadOnlyList<JsonParticipant>? Participants, int? Waiters, string? Problem)
{
    public static JsonChannel Of(ChannelRow row)
    {
        SharedObjectStatus? status = row.Object.Status;
        return new(
            new JsonObject(row.Object.Kind ?? "unknown", null, row.Object.Name), row.Object.IsStale, JsonChannelFill.Of(row), status?.SizeBytes,
            status?.MaxParticipants, status is null ? null : JsonProcess.Of(status.Creator),
            status is null ? null : [.. status.Participants.Select(JsonParticipant.Of)], status?.Waiters, row.Object.Problem);
    }
}

/// <summary>Unit is bytes or messages; written is what ever was; per_second is null without <c>--interval</c>.</summary>
internal sealed record JsonChannelFill(long Held, long Capacity, long Written, string Unit, double? PerSecond)
{
    public static JsonChannelFill? Of(ChannelRow row) =>
        row.Fill is { } fill ? new(fill.Held, fill.Capacity, fill.Written, JsonSignal.Word(fill.Unit), row.Rate) : null;
}

/// <summary>Of <c>stream info</c>; capacity is that of each direction, in bytes.</summary>
internal sealed record JsonStreamInfo : JsonSharedInfo
{
    public JsonStreamInfo(SharedStreamStatus status)
        : base("stream", status) =>
        (Capacity, First, Second) = (status.CapacityBytes, End(status.First), End(status.Second));

    public int Capacity { get; }

    public JsonStreamEnd First { get; }

    public JsonStreamEnd Second { get; }

    private static JsonStreamEnd End(SharedStreamEndStatus end) =>
        new(JsonSignal.Word(end.State), ProcessOf(end.Participant), end.BytesWritten, end.BytesUnread, end.HasClosedWrite);
}

/// <summary>State is awaited, open, closed or died; process is null unless it is open and known. Unread is what the other end has not read.</summary>
internal sealed record JsonStreamEnd(string State, JsonProcess? Process, long BytesWritten, long BytesUnread, bool WriteClosed);
