namespace Isthmus;

/// <summary>
/// How a place for requests is made, and how it is opened. What is said of sizes is for a new one only; its memory is allocated at once:
/// <see cref="SharedObjectOptions.MaxParticipants"/> × <see cref="MaxCalls"/> × the sum of <see cref="MaxRequest"/> + 24 and <see cref="MaxReply"/> + 16
/// bytes, each rounded up to 128; of all that 4 GiB at most.
/// </summary>
public record RequestOptions : SharedObjectOptions
{
    internal const int BytesMax = 1 << 30, CallsMax = 64;
    internal const long TotalMax = 4L << 30;

    /// <summary>The size of the largest request, in bytes, from 0 to 1 GiB. Up to 40 bytes cost least.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than that.</exception>
    public int MaxRequest
    {
        get;
        init => field = Checked(value, 0, BytesMax);
    } = 4096;

    /// <summary>The size of the largest reply, and of each part of a reply in parts, in bytes, from 0 to 1 GiB. Up to 48 bytes cost least.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than that.</exception>
    public int MaxReply
    {
        get;
        init => field = Checked(value, 0, BytesMax);
    } = 4096;

    /// <summary>How many calls of one client may be on their way at once, from 1 to 64. One more is refused (<see cref="CallOutcome.Busy"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1, or more than 64.</exception>
    public int MaxCalls
    {
        get;
        init => field = Checked(value, 1, CallsMax);
    } = 8;

    private static int Checked(int value, int least, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
