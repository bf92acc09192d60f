namespace Isthmus;

/// <summary>A sample that a subscriber has pinned.</summary>
internal unsafe struct TopicFound
{
    public byte* Payload;
    public ulong Pinned;
    public int Pin;
    public TopicSampleInfo Info;
}
