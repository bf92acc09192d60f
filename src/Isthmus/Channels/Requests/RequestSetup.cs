namespace Isthmus;

/// <summary>
/// What a segment for requests was made with, and so where its cells stand. Made by the same rule by whoever creates, opens, recovers or observes it.
/// </summary>
/// <param name="MaxRequest">In bytes.</param>
/// <param name="MaxReply">In bytes.</param>
/// <param name="MaxCalls">Of one client, at once.</param>
internal readonly record struct RequestSetup(int MaxRequest, int MaxReply, int MaxCalls)
{
    public static readonly SegmentKind Kind = new(
        22,
        "request",
        "line 0: servers' sleep {version:30 waiters:2 | version:32}; line 1: sleep of those who wait for servers; "
            + "slot: peer {serves:1 cells:7 several:1 _:23 | version:32}; data: for each slot and call a cell: "
            + "call {state:2 server:10 taken:1 id:17 waiters:2 | id:32}, client's sleep, info {length:31 parts:1 | ms left:32}, request; "
            + "next line: reply {state:4 part:11 id:49}, info {length:32 | code:32}, reply; config: max request, max reply, max calls",
        Recover)
    {
        PublishesByStores = true,
    };

    public ulong[] Config => [(ulong)MaxRequest, (ulong)MaxReply, (ulong)MaxCalls];

    /// <summary>The setup of a new segment, and the size of its data.</summary>
    /// <exception cref="ArgumentException">It would be too large.</exception>
    public static RequestSetup Of(RequestOptions options, out long dataSize)
    {
        RequestSetup setup = new(options.MaxRequest, options.MaxReply, options.MaxCalls);
        dataSize = setup.DataSize(options.MaxParticipants);
        if (dataSize <= RequestOptions.TotalMax)
        {
            return setup;
        }
        long fitting = RequestOptions.TotalMax / setup.BytesOfCell;
        throw new ArgumentException(
            $"{options.MaxParticipants} participants with {options.MaxCalls} calls each, of {setup.BytesOfCell} bytes, are more than "
                + $"{RequestOptions.TotalMax} bytes; participants times calls may be {fitting}.",
            nameof(options));
    }

    /// <summary>The setup of a segment that exists.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static RequestSetup Of(Segment segment) => Of(segment, segment.Config, segment.Capacity, segment.DataSize);

    /// <inheritdoc cref="Of(Segment)"/>
    public static RequestSetup Of<T>(T segment, Func<int, ulong> config, int capacity, long dataSize)
    {
        ulong request = config(0), reply = config(1), calls = config(2);
        if (request > RequestOptions.BytesMax || reply > RequestOptions.BytesMax || calls is < 1 or > RequestOptions.CallsMax)
        {
            throw new InvalidDataException($"{segment} is damaged: nobody makes one for requests of {request} and replies of {reply} bytes, {calls} at once.");
        }
        RequestSetup setup = new((int)request, (int)reply, (int)calls);
        long size = setup.DataSize(capacity);
        return size <= RequestOptions.TotalMax && size <= dataSize
            ? setup
            : throw new InvalidDataException($"{segment} is damaged: it has {dataSize} bytes for its calls, which need {size}.");
    }

    /// <summary>Where the cells stand, from the first word of the data on.</summary>
    public RequestCells CellsFrom(int firstWord) => RequestCells.For(firstWord, MaxRequest, MaxReply, MaxCalls);

    private long BytesOfCell => (long)CellsFrom(0).Stride * sizeof(ulong);

    private long DataSize(int participants) => participants * MaxCalls * BytesOfCell;

    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        Segment segment = memory.Segment;
        RequestRecovery recovery = new(Of(segment).CellsFrom(segment.DataWord(0)), slot, proven);
        Driver.Run(ref memory, ref recovery);
    }
}
