namespace Isthmus;

/// <summary>What is known of a <see cref="SharedStream"/> at one moment.</summary>
public sealed record SharedStreamStatus : SharedObjectStatus
{
    internal SharedStreamStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        CapacityBytes = (int)Math.Min(snapshot.Config(0), int.MaxValue);
        First = new SharedStreamEndStatus(this, snapshot, 0);
        Second = new SharedStreamEndStatus(this, snapshot, 1);
    }

    /// <summary>How many bytes each direction holds.</summary>
    public int CapacityBytes { get; }

    /// <summary>The end of who has made it.</summary>
    public SharedStreamEndStatus First { get; }

    /// <summary>The end of who has opened it.</summary>
    public SharedStreamEndStatus Second { get; }

    internal SharedParticipant? InSlot(int slot) => ParticipantIn(slot);
}
