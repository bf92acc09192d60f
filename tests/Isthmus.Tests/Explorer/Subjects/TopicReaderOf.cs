namespace Isthmus.Tests.Explorer;

/// <summary>How far a subscriber has come in the only ring.</summary>
internal readonly struct TopicReaderOf(ulong position) : ITopicReaders
{
    public ulong Position(int ring) => position;
}
