namespace Isthmus;

/// <summary>The wait of the first end for somebody at the second.</summary>
internal readonly struct StreamPeerGate : IWordGate
{
    public static int Word => StreamWord.End(1);

    public static bool StandsForAll => true;

    public bool WakesAreCounted => false;

    public GateState See(ulong word, ulong first) =>
        StreamEndWord.StateOf(word) == SharedStreamEnd.Awaited ? GateState.Closed : GateState.Open;

    public ulong Pass(ulong word) => word;

    public bool HasMore(ulong passed) => false;
}
