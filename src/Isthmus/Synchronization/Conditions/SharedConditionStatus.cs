namespace Isthmus;

/// <summary>What is known of a <see cref="SharedCondition"/> at one moment.</summary>
public sealed record SharedConditionStatus : SharedObjectStatus
{
    internal SharedConditionStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        ulong word = snapshot.Word(ConditionWord.Word);
        Waits = ConditionWord.RegistrationsOf(word);
        Signals = ConditionWord.SequenceOf(word);
    }

    /// <summary>How often somebody began to wait, modulo 2^32.</summary>
    public uint Waits { get; }

    /// <summary>How often it was signalled while somebody may have waited, modulo 2^30.</summary>
    public uint Signals { get; }
}
