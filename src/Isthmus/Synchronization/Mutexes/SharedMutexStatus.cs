namespace Isthmus;

/// <summary>What is known of a <see cref="SharedMutex"/> at one moment.</summary>
public sealed record SharedMutexStatus : SharedObjectStatus
{
    internal SharedMutexStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        ulong word = snapshot.Word(MutexWord.Word);
        Owner = ParticipantIn(MutexWord.OwnerOf(word));
        IsEntered = !MutexWord.IsFree(word);
        IsAbandoned = (word & MutexWord.Abandoned) != 0;
        IsUnusable = (word & MutexWord.Unusable) != 0;
        IsFair = snapshot.Config(0) != 0;
        Generation = MutexWord.GenerationOf(word);
    }

    /// <summary>Whether somebody is in it.</summary>
    public bool IsEntered { get; }

    /// <summary>
    /// Who is in it, or, of a fair one, whose turn it is; null when nobody is, or it is not known who.
    /// </summary>
    public SharedParticipant? Owner { get; }

    /// <summary>Whether those who wait are served in turn.</summary>
    public bool IsFair { get; }

    /// <summary>Whether an owner died in it, and nobody has declared the data consistent since.</summary>
    public bool IsAbandoned { get; }

    /// <summary>Whether nobody can enter any more.</summary>
    public bool IsUnusable { get; }

    /// <summary>How often it was entered or recovered, modulo 2^32.</summary>
    public uint Generation { get; }
}
