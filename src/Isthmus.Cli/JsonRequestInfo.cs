namespace Isthmus.Cli;

/// <summary>Of <c>request info</c>; the sizes in bytes.</summary>
internal sealed record JsonRequestInfo : JsonSharedInfo
{
    public JsonRequestInfo(RequestStatus status)
        : base("request", status) =>
        (MaxRequest, MaxReply, MaxCalls, Servers) = (
            status.MaxRequest, status.MaxReply, status.MaxCalls, [.. status.Servers.Select(each => JsonProcess.Of(each.Process))]);

    public int MaxRequest { get; }

    public int MaxReply { get; }

    public int MaxCalls { get; }

    public IReadOnlyList<JsonProcess> Servers { get; }
}
