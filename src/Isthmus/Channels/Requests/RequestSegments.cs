namespace Isthmus;

/// <summary>Making and finding places for requests, which is the same for clients and servers.</summary>
internal static class RequestSegments
{
    public static Segment Create(string? name, RequestOptions options)
    {
        RequestSetup setup = RequestSetup.Of(options, out long dataSize);
        return Segment.Create(RequestSetup.Kind, name, options, [], setup.Config, dataSize);
    }

    public static Segment OpenOrCreate(string name, RequestOptions options)
    {
        RequestSetup setup = RequestSetup.Of(options, out long dataSize);
        return Segment.OpenOrCreate(RequestSetup.Kind, name, options, [], setup.Config, dataSize);
    }

    /// <summary>Refuses one that exists already with other sizes.</summary>
    public static void RequireSizes(SharedObject found, RequestSetup has, RequestOptions wanted)
    {
        SegmentSetup.Require(found, has.MaxRequest, wanted.MaxRequest, nameof(RequestOptions.MaxRequest));
        SegmentSetup.Require(found, has.MaxReply, wanted.MaxReply, nameof(RequestOptions.MaxReply));
        SegmentSetup.Require(found, has.MaxCalls, wanted.MaxCalls, nameof(RequestOptions.MaxCalls));
    }
}
