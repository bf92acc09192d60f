namespace Isthmus;

/// <summary>
/// What one has to wait for in front of a single word, and how passing changes that word: all that differs between the waiting operations of most
/// primitives. The rest is
/// <see cref="PassGate{TGate}"/>.
/// </summary>
/// <remarks>A struct. Nothing has a default here: to call that of an interface, the struct is boxed.</remarks>
internal interface IWordGate
{
    /// <summary>Where it stands.</summary>
    static abstract int Word { get; }

    /// <inheritdoc cref="IOperation.StandsForAll"/>
    static abstract bool StandsForAll { get; }

    /// <summary>
    /// Whether who changes the word wakes no more threads than can pass. Then a thread that was woken and does not pass owes the wake to another.
    /// </summary>
    bool WakesAreCounted { get; }

    /// <summary>How it is.</summary>
    /// <param name="word">The word.</param>
    /// <param name="first">The word when the operation saw it first.</param>
    GateState See(ulong word, ulong first);

    /// <summary>The word after somebody has passed, where the gate <see cref="GateState.Grants"/>; the flags of those who wait stay.</summary>
    ulong Pass(ulong word);

    /// <summary>Whether the next one can pass too, after one has.</summary>
    bool HasMore(ulong passed);
}
