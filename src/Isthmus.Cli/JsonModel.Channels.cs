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
internal sealed record JsonChannelFill(long Held, long Capacity, long? Written, string Unit, double? PerSecond)
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

/// <summary>Of <c>topic info</c>; sizes in bytes.</summary>
internal sealed record JsonTopicInfo : JsonSharedInfo
{
    public JsonTopicInfo(TopicStatus status)
        : base("topic", status)
    {
        (MaxSampleSize, MaxPublishers, MaxSubscribers, MaxLoans) = (status.MaxSampleSize, status.MaxPublishers, status.MaxSubscribers, status.MaxLoans);
        (Buffer, History, SlotsPerPublisher) = (status.Buffer, status.History, status.SlotsPerPublisher);
        Publishers = [.. status.Publishers.Select(each => new JsonTopicPublisher(ProcessOf(each.Participant), each.Index, each.Slot, each.Published))];
        Subscribers =
        [
            .. status.Subscribers.Select(each => new JsonTopicSubscriber(
                ProcessOf(each.Participant), each.Slot, each.Overflow == TopicOverflow.Block ? "block" : "drop_oldest", each.Loans, each.Lost)),
        ];
    }

    public int MaxSampleSize { get; }

    public int MaxPublishers { get; }

    public int MaxSubscribers { get; }

    public int MaxLoans { get; }

    public int Buffer { get; }

    public int History { get; }

    public int SlotsPerPublisher { get; }

    public IReadOnlyList<JsonTopicPublisher> Publishers { get; }

    public IReadOnlyList<JsonTopicSubscriber> Subscribers { get; }
}

/// <summary>Who publishes or has published; slot is null when nobody does any more, process when it is not known.</summary>
internal sealed record JsonTopicPublisher(JsonProcess? Process, int Index, int? Slot, long Published);

/// <summary>Who subscribes; overflow is block or drop_oldest, process is null when it is not known.</summary>
internal sealed record JsonTopicSubscriber(JsonProcess? Process, int Slot, string Overflow, int Loans, long Lost);

/// <summary>Of <c>request info</c>; the sizes in bytes. Calls that are given up are among those that servers have.</summary>
internal sealed record JsonRequestInfo : JsonSharedInfo
{
    public JsonRequestInfo(RequestStatus status)
        : base("request", status) =>
        (MaxRequest, MaxReply, MaxCalls, Servers, CallsWaiting, CallsServed, CallsGivenUp) = (
            status.MaxRequest, status.MaxReply, status.MaxCalls, [.. status.Servers.Select(each => JsonProcess.Of(each.Process))],
            status.CallsWaiting, status.CallsServed, status.CallsGivenUp);

    public int MaxRequest { get; }

    public int MaxReply { get; }

    public int MaxCalls { get; }

    public IReadOnlyList<JsonProcess> Servers { get; }

    public int CallsWaiting { get; }

    public int CallsServed { get; }

    public int CallsGivenUp { get; }
}
