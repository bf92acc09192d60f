namespace Isthmus;

/// <summary>What <see cref="SystemVSharedMemory.Set"/> changes; null leaves it as it is.</summary>
public sealed record SystemVSharedMemorySettings
{
    /// <summary>The new owner.</summary>
    public uint? User { get; init; }

    /// <summary>The new group.</summary>
    public uint? Group { get; init; }

    /// <summary>Who may read and write it.</summary>
    public UnixFileMode? Mode { get; init; }
}
