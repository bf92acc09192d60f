namespace Isthmus;

/// <summary>What a publisher knows of its own ring; nobody else writes there.</summary>
internal record struct TopicWriter
{
    /// <summary>The position that comes next.</summary>
    public ulong Head { get; set; }

    /// <summary>Up to where it may write now.</summary>
    public ulong Limit { get; set; }

    /// <summary>What stands in the ring's claim.</summary>
    public ulong Claimed { get; set; }

    /// <summary>How many samples were published there.</summary>
    public ulong Number { get; set; }

    /// <summary>A bit for each position from the head to the limit that somebody reads in place: it is passed over.</summary>
    public ulong Pinned { get; set; }

    /// <summary>Whether a sample can be written at the head.</summary>
    public readonly bool IsReady => Head != Limit && (Pinned & 1) == 0;

    /// <summary>The next sample was published.</summary>
    public void Publish()
    {
        Number++;
        Pass();
    }

    /// <summary>The head was passed over.</summary>
    public void Pass()
    {
        Head++;
        Pinned >>= 1;
    }
}
