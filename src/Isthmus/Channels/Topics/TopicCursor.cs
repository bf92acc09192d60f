namespace Isthmus;

/// <summary>A subscriber's place in one ring.</summary>
internal unsafe struct TopicCursor
{
    /// <summary>How far it has come.</summary>
    public TopicReader Reader;

    /// <summary>Where the sample at that position stands, or will.</summary>
    public byte* Slot;

    /// <summary>The ring's first sample, and what follows its last.</summary>
    public byte* First, End;

    /// <summary>The ring's claim.</summary>
    public ulong* Claim;

    /// <summary>The subscriber's cursor for the ring.</summary>
    public ulong* Cursor;
}
