namespace Isthmus.Cli;

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
