namespace Isthmus;

/// <summary>The wait until nothing is left of a countdown.</summary>
internal readonly struct CountdownGate : IWordGate
{
    public static int Word => CountdownWord.Word;

    // They stand in the order of their rounds.
    public static bool StandsForAll => true;

    public bool WakesAreCounted => false;

    public GateState See(ulong word, ulong first) =>
        CountdownWord.CountOf(word) == 0 || CountdownWord.RoundOf(word) != CountdownWord.RoundOf(first) ? GateState.Open : GateState.Closed;

    public ulong Pass(ulong word) => word;

    public bool HasMore(ulong passed) => false;
}
