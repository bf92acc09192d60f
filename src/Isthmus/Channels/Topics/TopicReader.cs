namespace Isthmus;

/// <summary>How far a subscriber has come in a ring.</summary>
internal record struct TopicReader
{
    /// <summary>The position that it looks at next.</summary>
    public ulong Position { get; set; }

    /// <summary>The number that the sample there has unless some are lost.</summary>
    public ulong Number { get; set; }
}
