namespace Isthmus;

/// <summary>What <see cref="SystemVSemaphoreSet.Set"/> changes; null leaves it as it is.</summary>
public sealed record SystemVSemaphoreSetSettings
{
    /// <summary>The new owner.</summary>
    public uint? User { get; init; }

    /// <summary>The new group.</summary>
    public uint? Group { get; init; }

    /// <summary>Who may look and wait for zero (read), and acquire and release (write).</summary>
    public UnixFileMode? Mode { get; init; }
}
