namespace Isthmus;

/// <summary>What is known of a <see cref="SharedCounter"/> at one moment.</summary>
public sealed record SharedCounterStatus : SharedObjectStatus
{
    internal SharedCounterStatus(SegmentSnapshot snapshot)
        : base(snapshot) => Value = (long)snapshot.Word(CounterWord.Word);

    /// <summary>Its value.</summary>
    public long Value { get; }
}
