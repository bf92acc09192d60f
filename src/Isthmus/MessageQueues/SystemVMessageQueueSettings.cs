namespace Isthmus;

/// <summary>What <see cref="SystemVMessageQueue.Set"/> changes; null leaves it as it is.</summary>
public sealed record SystemVMessageQueueSettings
{
    /// <summary>The new owner.</summary>
    public uint? User { get; init; }

    /// <summary>The new group.</summary>
    public uint? Group { get; init; }

    /// <summary>Who may receive (read) and send (write).</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>How many bytes may wait; to go above the limit of the machine (<c>kernel.msgmnb</c>) takes <c>CAP_SYS_RESOURCE</c>.</summary>
    public long? MaxBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(MaxBytes));
            field = value;
        }
    }
}
