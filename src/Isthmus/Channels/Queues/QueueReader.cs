namespace Isthmus;

/// <summary>A lane, as a consumer sees it.</summary>
internal unsafe struct QueueReader
{
    /// <summary>The first byte of its ring.</summary>
    public byte* Ring;

    /// <summary><see cref="QueueShape.Taken"/>; the word of what is freed follows.</summary>
    public ulong* Control;

    /// <summary><see cref="QueueShape.Room"/>.</summary>
    public ulong* Room;

    /// <summary>For the only consumer: where the next record stands.</summary>
    public ulong Taken;

    /// <summary>For the only consumer: what is free.</summary>
    public ulong Freed;
}
