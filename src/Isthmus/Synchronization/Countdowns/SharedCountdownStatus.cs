namespace Isthmus;

/// <summary>What is known of a <see cref="SharedCountdown"/> at one moment.</summary>
public sealed record SharedCountdownStatus : SharedObjectStatus
{
    internal SharedCountdownStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        ulong word = snapshot.Word(CountdownWord.Word);
        CurrentCount = CountdownWord.CountOf(word);
        InitialCount = (int)snapshot.Word(CountdownWord.InitialWord);
        Rounds = CountdownWord.RoundOf(word);
    }

    /// <summary>What is left.</summary>
    public int CurrentCount { get; }

    /// <summary>What a reset begins with.</summary>
    public int InitialCount { get; }

    /// <summary>How often nothing was left, modulo 2^30.</summary>
    public uint Rounds { get; }
}
