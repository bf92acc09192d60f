namespace Isthmus;

/// <summary>What is known of a <see cref="SharedOnce"/> at one moment.</summary>
public sealed record SharedOnceStatus : SharedObjectStatus
{
    internal SharedOnceStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        ulong word = snapshot.Word(OnceWord.Word);
        IsDone = OnceWord.IsDone(word);
        Runner = ParticipantIn(OnceWord.RunnerOf(word));
        Earlier = OnceWord.EarlierOf(word);
        Generation = OnceWord.GenerationOf(word);
    }

    /// <summary>Whether a run has completed.</summary>
    public bool IsDone { get; }

    /// <summary>Who runs it just now; null when nobody does, or it is not known who.</summary>
    public SharedParticipant? Runner { get; }

    /// <summary>What the next run comes after.</summary>
    public OnceAttempt Earlier { get; }

    /// <summary>How often a run began or was recovered, modulo 2^32.</summary>
    public uint Generation { get; }
}
