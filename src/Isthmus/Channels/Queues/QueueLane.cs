namespace Isthmus;

/// <summary>A lane, as its producer sees it.</summary>
internal unsafe struct QueueLane
{
    /// <summary>The first byte of its ring.</summary>
    public byte* Ring;

    /// <summary><see cref="QueueShape.Freed"/>.</summary>
    public ulong* Freed;

    /// <summary><see cref="QueueShape.Tail"/>.</summary>
    public ulong* Shown;

    /// <summary>Where the next record is written.</summary>
    public ulong Tail;

    /// <summary>The position that is not free any more, as seen last: what is written ends 8 bytes before it at most.</summary>
    public ulong Limit;

    /// <summary>A position after the tail whose word is 0.</summary>
    public ulong ZeroAt;

    /// <summary>Its number.</summary>
    public int Lane;
}
