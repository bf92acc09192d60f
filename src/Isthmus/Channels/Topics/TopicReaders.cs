namespace Isthmus;

/// <summary>Those of a subscriber, for as long as it waits.</summary>
internal readonly struct TopicReaders(TopicCursor[] cursors) : ITopicReaders
{
    public ulong Position(int ring) => cursors[ring].Reader.Position;
}
