namespace Isthmus;

/// <summary>
/// Where the cells of calls stand: each slot has as many as it may have calls at once, used when its participant is a client. A cell begins with what
/// the client writes (three words, then the request), and on a line of its own goes on with what the server writes (two words, then the reply): so a
/// small request is one cache line that moves, and a small reply one more.
/// </summary>
/// <param name="First">The first word of the first cell.</param>
/// <param name="Stride">Words from one cell to the next.</param>
/// <param name="ReplyAt">Words from the beginning of a cell to its reply word.</param>
/// <param name="PerSlot">How many cells a slot has.</param>
internal readonly record struct RequestCells(int First, int Stride, int ReplyAt, int PerSlot)
{
    /// <summary>In a cell: how the call stands (<see cref="RequestCallWord"/>), and on what its client sleeps (<see cref="RequestWaitWord"/>).</summary>
    public const int CallAt = 0, WaitAt = 1;

    /// <summary>In a cell: the request's length and what the client tells of it; then the request.</summary>
    public const int RequestInfoAt = 2, RequestAt = 3;

    /// <summary>After the reply word (<see cref="RequestReplyWord"/>): the reply's length and code; then the reply.</summary>
    public const int ReplyInfoAt = 1, ReplyBytesAt = 2;

    /// <summary>How much of a request is on the line of its call word, and of a reply on that of its reply word, with lines of 64 bytes.</summary>
    public const int SmallRequest = 64 - (RequestAt * sizeof(ulong)), SmallReply = 64 - (ReplyBytesAt * sizeof(ulong));

    /// <summary>Of cells for requests and replies of these sizes, in words.</summary>
    public static RequestCells For(int first, int maxRequest, int maxReply, int perSlot)
    {
        int request = Lines((RequestAt * sizeof(ulong)) + (long)maxRequest), reply = Lines((ReplyBytesAt * sizeof(ulong)) + (long)maxReply);
        return new RequestCells(first, (request + reply) * StateLayout.WordsPerLine, request * StateLayout.WordsPerLine, perSlot);
    }

    /// <summary>The first word of a cell.</summary>
    public int Of(int slot, int index) => At(NumberOf(slot, index));

    /// <summary>The first word of a cell, by its number.</summary>
    public int At(int number) => First + (number * Stride);

    /// <summary>The number of a cell, counted over all slots.</summary>
    public int NumberOf(int slot, int index) => (slot * PerSlot) + index;

    private static int Lines(long bytes) => (int)((bytes + StateLayout.LineSize - 1) / StateLayout.LineSize);
}
