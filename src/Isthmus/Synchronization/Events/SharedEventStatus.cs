namespace Isthmus;

/// <summary>What is known of a <see cref="SharedEvent"/> at one moment.</summary>
public sealed record SharedEventStatus : SharedObjectStatus
{
    internal SharedEventStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        ulong word = snapshot.Word(EventWord.Word);
        Mode = (EventResetMode)snapshot.Config(0);
        IsSet = EventWord.IsSet(word);
        Sets = EventWord.VersionOf(word);
    }

    /// <summary>Whether one who waits resets it, or nobody.</summary>
    public EventResetMode Mode { get; }

    /// <summary>Whether it is set.</summary>
    public bool IsSet { get; }

    /// <summary>How often it was set, modulo 2^32.</summary>
    public uint Sets { get; }
}
