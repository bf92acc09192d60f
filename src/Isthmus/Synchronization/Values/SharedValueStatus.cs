namespace Isthmus;

/// <summary>What is known of a <see cref="SharedValue{T}"/> at one moment, without its value.</summary>
public sealed record SharedValueStatus : SharedObjectStatus
{
    internal SharedValueStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        Version = ValueWord.VersionOf(snapshot.Word(ValueWord.Word));
        ValueSizeBytes = (long)snapshot.Config(0);
        Writer = ParticipantIn(MutexWord.OwnerOf(snapshot.Word(MutexWord.Word)));
    }

    /// <summary>How often it was written.</summary>
    public long Version { get; }

    /// <summary>The size of the value.</summary>
    public long ValueSizeBytes { get; }

    /// <summary>Who writes it just now; null when nobody does, or it is not known who.</summary>
    public SharedParticipant? Writer { get; }
}
